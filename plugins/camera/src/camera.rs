//! The object `camera.mjpeg`: connects to an MJPEG server, publishes the newest picture, and
//! notices within its limits when no more come. The sdk runs it again, with back-off, after each
//! failure; a person is never needed.

use std::cell::Cell;
use std::collections::VecDeque;
use std::time::Duration;

use brickwork_mjpeg::{CameraUrl, StreamError, basic_authorization};
use brickwork_sdk::interfaces::camera::{Channels, Serve};
use brickwork_sdk::{ConfigProblem, Error, Frame, HardwareObject, ObjectContext, PixelFormat, Quality, Result};

use crate::config::Config;
use crate::connection::{Connection, ConnectionError, Newest};
use crate::password;

/// How often a camera that only has stills is asked for the next.
const STILL_PERIOD: Duration = Duration::from_millis(100);
/// How often the rate is published.
const RATE_PERIOD: Duration = Duration::from_secs(1);
/// The rate is a mean over so many periods.
const RATE_PERIODS: usize = 2;
/// A file system that takes longer to give a password is not there.
const PASSWORD_LIMIT: Duration = Duration::from_secs(2);
/// So much of a server's own words is repeated to a person.
const MAX_MESSAGE_CHARS: usize = 300;

/// A camera behind an MJPEG server.
pub struct MjpegCamera {
    config: Config,
    url: CameraUrl,
    channels: Channels,
    /// Pictures that arrived, shown or not.
    arrived: Cell<u64>,
}

impl Serve for MjpegCamera {}

impl HardwareObject for MjpegCamera {
    const KIND: &'static str = "camera.mjpeg";
    const HELP: &'static str = "A camera whose pictures come as MJPEG or as JPEG stills over HTTP.";
    type Config = Config;

    fn check(config: &Config) -> Vec<ConfigProblem> {
        config.problems()
    }

    fn new(config: Config, ctx: &ObjectContext) -> Result<Self> {
        if let Some(problem) = config.problems().first() {
            return Err(Error::failed(problem.to_string()));
        }
        let url = CameraUrl::parse(&config.url).map_err(|error| Error::failed(error.to_string()))?;
        Ok(Self { config, url, channels: Channels::new(ctx), arrived: Cell::new(0) })
    }

    async fn run(&self, ctx: &ObjectContext) -> Result<()> {
        let request = self.request(ctx).await?;
        self.watch(ctx, &request).await.map_err(|error| self.explain(&error))
    }
}

impl MjpegCamera {
    /// The request with the password of this moment.
    async fn request(&self, ctx: &ObjectContext) -> Result<Vec<u8>> {
        let authorization = match (&self.config.user, &self.config.password_file) {
            (Some(user), Some(file)) => {
                let path = file.clone();
                let reading = tokio::task::spawn_blocking(move || password::read(&path));
                let read =
                    ctx.clock().limit(PASSWORD_LIMIT, reading).await.map_err(|error| {
                        Error::failed(format!("the password file {} gives {error}", file.display()))
                    })?;
                let password = read.map_err(|_| Error::failed("reading the password file was cut short"))?;
                let password = password.map_err(|error| Error::failed(error.to_string()))?;
                Some(basic_authorization(user, &password))
            }
            _ => None,
        };
        self.url.request(authorization.as_deref()).map_err(|error| Error::failed(error.to_string()))
    }

    /// Shows pictures until there are no more.
    async fn watch(&self, ctx: &ObjectContext, request: &[u8]) -> Result<(), ConnectionError> {
        let limit = self.config.connect_timeout();
        let mut connection = Connection::open(&self.url, request, ctx.clock(), limit).await?;
        let first = ctx.clock().limit(limit, connection.newest()).await;
        match first.map_err(|_| ConnectionError::NoPicture { limit, damaged: connection.damaged() })?? {
            Some(newest) => self.show(newest),
            // Only a still that was given before ends well, and nothing was given yet.
            None => return Err(ConnectionError::Ended),
        }
        ctx.live();
        tokio::select! {
            end = self.follow(ctx, request, connection) => end,
            never = self.report_rate(ctx) => never,
        }
    }

    async fn follow(
        &self,
        ctx: &ObjectContext,
        request: &[u8],
        mut connection: Connection,
    ) -> Result<(), ConnectionError> {
        let limit = self.config.stale_after();
        loop {
            let next = self.next(ctx, request, &mut connection);
            let newest = ctx.clock().limit(limit, next).await;
            self.show(newest.map_err(|_| ConnectionError::Stale { limit, damaged: connection.damaged() })??);
        }
    }

    /// The next picture; a camera that only has stills is asked again for it.
    async fn next(
        &self,
        ctx: &ObjectContext,
        request: &[u8],
        connection: &mut Connection,
    ) -> Result<Newest, ConnectionError> {
        loop {
            if let Some(newest) = connection.newest().await? {
                return Ok(newest);
            }
            ctx.clock().sleep(STILL_PERIOD).await;
            *connection = Connection::open(&self.url, request, ctx.clock(), self.config.connect_timeout()).await?;
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
        let what = match (error, &self.config.user) {
            (ConnectionError::Stream(StreamError::Unauthorized { challenge: Some(challenge) }), _)
                if challenge.trim_start().to_ascii_lowercase().starts_with("digest") =>
            {
                "the camera asks for Digest login, which is not supported: allow Basic in the camera's own settings"
                    .into()
            }
            (ConnectionError::Stream(StreamError::Unauthorized { .. }), None) => {
                "the camera wants a user and password: set `user` and `password_file`".into()
            }
            (ConnectionError::Stream(StreamError::Unauthorized { .. }), Some(user)) => {
                format!("the camera refuses the user {user:?}: correct `user` or the password in `password_file`")
            }
            (error, _) => error.to_string(),
        };
        let sentence = format!("camera at {}:{}: {what}", self.url.host(), self.url.port());
        // A server's words may be long and hold anything.
        Error::failed(sentence.chars().filter(|c| !c.is_control()).take(MAX_MESSAGE_CHARS).collect::<String>())
    }
}
