//! A source of pictures over HTTP, which both kinds of camera are: visits the server, publishes the newest picture,
//! and notices within its limits when no more come. The sdk runs it again, with back-off, after each failure; a
//! person is never needed. It offers neither exposure nor gain: pictures over HTTP have none.

use std::cell::Cell;
use std::collections::VecDeque;
use std::path::PathBuf;
use std::time::Duration;

use brickwork_mjpeg::{CameraUrl, Credentials, Login, LoginError};
use brickwork_sdk::interfaces::camera::Channels;
use brickwork_sdk::{Error, Frame, ObjectContext, PixelFormat, Quality, Result};

use crate::config::Settings;
use crate::connection::{ConnectionError, Newest};
use crate::password::{self, Stamp};
use crate::visit::Visit;

/// How often the rate is published.
const RATE_PERIOD: Duration = Duration::from_secs(1);
/// The rate is a mean over so many periods.
const RATE_PERIODS: usize = 2;
/// A file system that takes longer to give a password is not there.
const PASSWORD_LIMIT: Duration = Duration::from_secs(2);
/// How often the password file is looked at after the camera refused what it held.
const PASSWORD_LOOK: Duration = Duration::from_secs(1);
/// So long a refused password is not sent again: cameras lock who tries too often.
const REFUSED_PAUSE: Duration = Duration::from_secs(300);
/// So much of a server's own words is repeated to a person.
const MAX_MESSAGE_CHARS: usize = 300;

/// Pictures that come from one address.
pub struct Source {
    settings: Settings,
    url: CameraUrl,
    channels: Channels,
    /// Pictures that arrived, shown or not.
    arrived: Cell<u64>,
}

impl Source {
    /// A source that has not begun.
    pub fn new(settings: Settings, ctx: &ObjectContext) -> Result<Self> {
        if let Some(problem) = settings.problems().first() {
            return Err(Error::failed(problem.to_string()));
        }
        let url = CameraUrl::parse(&settings.url).map_err(|error| Error::failed(error.to_string()))?;
        Ok(Self { settings, url, channels: Channels::new(ctx), arrived: Cell::new(0) })
    }

    /// Shows pictures until there are no more. Where the camera refuses the password, it waits for another.
    pub async fn run(&self, ctx: &ObjectContext) -> Result<()> {
        loop {
            let (credentials, stamp) = self.credentials(ctx).await?;
            let Err(error) = self.watch(ctx, Login::new(credentials)).await else { return Ok(()) };
            let sentence = self.explain(&error);
            if !matches!(error, ConnectionError::Login(LoginError::Refused)) {
                return Err(sentence);
            }
            ctx.lost(sentence.message, sentence.remedy);
            self.wait_for_another_password(ctx, stamp).await;
        }
    }

    /// User and password of this moment, and which file the password came from.
    async fn credentials(&self, ctx: &ObjectContext) -> Result<(Option<Credentials>, Option<Stamp>)> {
        let (Some(user), Some(file)) = (&self.settings.user, &self.settings.password_file) else {
            return Ok((None, None));
        };
        let gives = |error| Error::failed(format!("the password file {} gives {error}", file.display()));
        let found = on_disk(ctx, file.clone(), |path| password::read(&path)).await.map_err(gives)?;
        let found = found.map_err(|error| Error::failed(error.to_string()))?;
        Ok((Credentials::new(user, &found.password), Some(found.stamp)))
    }

    async fn wait_for_another_password(&self, ctx: &ObjectContext, refused: Option<Stamp>) {
        let Some(file) = &self.settings.password_file else { return };
        let change = async {
            loop {
                ctx.clock().sleep(PASSWORD_LOOK).await;
                let stamp = on_disk(ctx, file.clone(), |path| password::stamp(&path)).await;
                if stamp.is_ok_and(|stamp| stamp.is_some() && stamp != refused) {
                    return;
                }
            }
        };
        // When the time is over, the password may be right by now: somebody may have set it in the camera.
        let _ = ctx.clock().limit(REFUSED_PAUSE, change).await;
    }

    /// Shows pictures until there are no more.
    async fn watch(&self, ctx: &ObjectContext, login: Login) -> Result<(), ConnectionError> {
        let limit = self.settings.connect_timeout();
        let mut visit = Visit::new(&self.url, self.settings.afterwards, login, ctx.clock(), limit);
        let asked = ctx.clock().now_secs();
        visit.ask().await?;
        let first = ctx.clock().limit(limit, visit.newest()).await;
        match first.map_err(|_| ConnectionError::NoPicture { limit, damaged: visit.damaged() })?? {
            Some(newest) => self.show(newest),
            // Only a still that was given before ends well, and nothing was given yet.
            None => return Err(ConnectionError::Ended),
        }
        ctx.live();
        tokio::select! {
            end = self.follow(ctx, visit, asked) => end,
            never = self.report_rate(ctx) => never,
        }
    }

    async fn follow(&self, ctx: &ObjectContext, mut visit: Visit<'_>, mut asked: f64) -> Result<(), ConnectionError> {
        let (clock, period) = (ctx.clock(), self.settings.period());
        let (setting, limit) = self.settings.picture_timeout();
        loop {
            let next = clock.limit(limit, visit.newest()).await;
            let next = next.map_err(|_| ConnectionError::Stale { limit, setting, damaged: visit.damaged() })??;
            if let Some(newest) = next {
                self.show(newest);
                continue;
            }
            // That was a still: the next is asked for in time.
            let since = Duration::from_secs_f64((clock.now_secs() - asked).max(0.0));
            clock.sleep(period.saturating_sub(since)).await;
            asked = clock.now_secs();
            let still = clock.limit(limit, next_still(&mut visit)).await;
            self.show(still.map_err(|_| ConnectionError::Stale { limit, setting, damaged: visit.damaged() })??);
        }
    }

    fn show(&self, Newest { jpeg, arrived }: Newest) {
        self.arrived.set(self.arrived.get() + arrived);
        let source_time = jpeg.timestamp.unwrap_or(0.0);
        let frame = Frame { width: jpeg.width, height: jpeg.height, format: PixelFormat::Jpeg, data: jpeg.data.into() };
        self.channels.frame.publish_as(frame, Quality::Ok, source_time);
    }

    /// Publishes the rate for ever.
    async fn report_rate(&self, ctx: &ObjectContext) -> Result<(), ConnectionError> {
        let clock = ctx.clock();
        let mut earlier = VecDeque::from([(clock.now_secs(), self.arrived.get())]);
        loop {
            clock.sleep(RATE_PERIOD).await;
            let (now, arrived) = (clock.now_secs(), self.arrived.get());
            let &(then, before) = earlier.front().expect("the last sample always stays");
            self.channels.rate.publish((arrived - before) as f64 / (now - then).max(1e-3));
            earlier.push_back((now, arrived));
            if earlier.len() > RATE_PERIODS {
                earlier.pop_front();
            }
        }
    }

    /// The sentence for a person: where, what, and what to do.
    fn explain(&self, error: &ConnectionError) -> Error {
        let user = self.settings.user.as_deref().unwrap_or_default();
        let what = match error {
            ConnectionError::Login(LoginError::Wanted) => {
                "the camera wants a user and password: set `user` and `password_file`".into()
            }
            ConnectionError::Login(LoginError::Refused) => format!(
                "the camera refuses the user {user:?}: correct `user` or the password in `password_file`; it is tried \
                 again as soon as that file changes, else every {} min, so that the camera does not lock the user",
                REFUSED_PAUSE.as_secs() / 60
            ),
            error => error.to_string(),
        };
        let sentence = format!("camera at {}:{}: {what}", self.url.host(), self.url.port());
        // A server's words may be long and hold anything.
        Error::failed(sentence.chars().filter(|c| !c.is_control()).take(MAX_MESSAGE_CHARS).collect::<String>())
    }
}

/// Asks for a still and waits for it.
async fn next_still(visit: &mut Visit<'_>) -> Result<Newest, ConnectionError> {
    visit.ask().await?;
    visit.newest().await?.ok_or(ConnectionError::Ended)
}

/// What `look` finds in a file, off this thread: a file system may hang.
async fn on_disk<T: Send + 'static>(
    ctx: &ObjectContext,
    path: PathBuf,
    look: impl FnOnce(PathBuf) -> T + Send + 'static,
) -> Result<T> {
    let looking = tokio::task::spawn_blocking(move || look(path));
    let found = ctx.clock().limit(PASSWORD_LIMIT, looking).await?;
    found.map_err(|_| Error::failed("no answer: reading it was cut short"))
}
