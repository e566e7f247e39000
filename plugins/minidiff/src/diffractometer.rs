//! `minidiff.diffractometer`: the object. It says how the picture is to be read, keeps the saved positions, and answers
//! the commands; what a centring does step by step is in `centring` and `search`.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use brickwork_axes::{Point, Seen};
use brickwork_sdk::interfaces::actuator::{self, Actuator};
use brickwork_sdk::interfaces::camera::{self, Camera};
use brickwork_sdk::interfaces::motor;
use brickwork_sdk::interfaces::sample_finder::{self, SampleFinder};
use brickwork_sdk::interfaces::{
    CentredPosition, Centring, CentringPhase, SampleDrawing, SampleMark, SampleScale, diffractometer,
};
use brickwork_sdk::view::same_proportions;
use brickwork_sdk::{
    Activity, Call, ConfigProblem, Error, Frame, HardwareObject, ObjectContext, Restored, Result, Role, State,
};
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use crate::config::{Config, Zoom};
use crate::drawings::Drawings;
use crate::goniometer::Goniometer;
use crate::reach::is_live;

/// The roles that an axis may have.
pub const AXES: [&str; 7] = ["omega", "kappa", "kappa_phi", "phiy", "phiz", "sampx", "sampy"];
/// How often the marks follow the motors.
const FOLLOW: Duration = Duration::from_millis(80);
/// How long the axes may take to be there at the start.
const START_SECS: f64 = 3.0;
/// Saved positions that are kept; the oldest go.
const MAX_SAVED: usize = 200;
/// Of so many the picture is kept too.
const MAX_PICTURES: usize = 32;
const SCHEMA: &str = "minidiff.diffractometer 2";

/// A saved position and what was seen there.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Saved {
    pub position: CentredPosition,
    pub picture: Option<Frame>,
}

/// One diffractometer.
pub struct Minidiff {
    pub(crate) config: Config,
    pub(crate) goniometer: Goniometer,
    pub(crate) finder: Option<SampleFinder>,
    zoom: Option<Actuator>,
    camera: Option<Camera>,
    channels: diffractometer::Channels,
    saved: RefCell<Vec<Saved>>,
    drawings: RefCell<Drawings>,
    /// The points that a centring was told, while it goes on.
    pub(crate) told: RefCell<Vec<Point>>,
    /// What was clicked while a centring waits for it.
    clicked: Cell<Option<(f64, f64)>>,
    waits: Cell<bool>,
    news: Notify,
    ending: Notify,
    runs: Cell<bool>,
}

impl HardwareObject for Minidiff {
    const KIND: &'static str = "minidiff.diffractometer";
    const HELP: &'static str = "A goniometer with its microscope: centres samples, keeps centred positions.";
    type Config = Config;

    fn roles() -> Vec<Role> {
        let axis = |name, help: &str| Role::optional(name, motor::NAME).help(help);
        vec![
            Role::one("omega", motor::NAME).help("Turns the sample about the spindle. In deg."),
            axis("kappa", "Turns the minikappa. In deg."),
            axis("kappa_phi", "Turns the sample on the minikappa. In deg."),
            axis("phiy", "Along the spindle. In mm or um."),
            axis("phiz", "Across the spindle, below it. In mm or um."),
            axis("sampx", "On the spindle. In mm or um."),
            axis("sampy", "On the spindle, across sampx. In mm or um."),
            Role::optional("zoom", actuator::NAME).help("Its position is one of the names in `zooms`."),
            Role::optional("camera", camera::NAME)
                .help("The microscope; its picture has to have the proportions of `picture`."),
            Role::optional("finder", sample_finder::NAME).help("Looks for the sample; without it, people click."),
        ]
    }

    fn check(config: &Config) -> Vec<ConfigProblem> {
        config.problems(&AXES)
    }

    fn new(config: Config, ctx: &ObjectContext) -> Result<Self> {
        let goniometer = Goniometer::new(&config, ctx)?;
        Ok(Self {
            goniometer,
            config,
            finder: SampleFinder::bind_optional(ctx, "finder"),
            zoom: Actuator::bind_optional(ctx, "zoom"),
            camera: Camera::bind_optional(ctx, "camera"),
            channels: diffractometer::Channels::new(ctx),
            saved: RefCell::default(),
            drawings: RefCell::default(),
            told: RefCell::default(),
            clicked: Cell::new(None),
            waits: Cell::new(false),
            news: Notify::new(),
            ending: Notify::new(),
            runs: Cell::new(false),
        })
    }

    async fn run(&self, ctx: &ObjectContext) -> Result<()> {
        self.channels.centring.publish(Centring::default());
        self.publish_saved();
        self.publish_drawings();
        let begun_secs = ctx.clock().now_secs();
        let (mut scale, mut marks, mut is_live) = (None, None, false);
        loop {
            match self.look() {
                Ok((new_scale, new_marks)) => {
                    if scale.as_ref() != Some(&new_scale) {
                        self.channels.scale.publish(new_scale.clone());
                        scale = Some(new_scale);
                    }
                    if marks.as_ref() != Some(&new_marks) {
                        self.channels.marks.publish(new_marks.clone());
                        marks = Some(new_marks);
                    }
                    if !std::mem::replace(&mut is_live, true) {
                        ctx.live();
                    }
                }
                // At the start the axes come one by one: that is no loss.
                Err(_) if !is_live && ctx.clock().now_secs() < begun_secs + START_SECS => {}
                Err(error) => {
                    ctx.lost(error.message, "See in Connections what the axis says.");
                    is_live = false;
                }
            }
            ctx.clock().sleep(FOLLOW).await;
        }
    }

    fn save(&self) -> State {
        State::new(SCHEMA, &(&*self.saved.borrow(), &*self.drawings.borrow())).lasting()
    }

    fn restore(&mut self, state: &State) -> Restored {
        let mut kept = Default::default();
        let restored = state.restore(SCHEMA, &mut kept);
        (*self.saved.get_mut(), *self.drawings.get_mut()) = kept;
        restored
    }
}

impl Minidiff {
    /// How the picture is to be read and which points have a name.
    fn look(&self) -> Result<(SampleScale, Vec<SampleMark>)> {
        let positions = self.goniometer.positions()?;
        // While the zoom moves nothing is lost: there is only no scale.
        // A picture of other proportions has none either, and the size that it should have is said.
        let zoom = self.zoom()?.filter(|_| self.fits().is_ok());
        let scale = zoom.map(|zoom| self.scale_at(zoom));
        let scale = scale.unwrap_or_else(|| SampleScale { size: self.calibrated(), ..SampleScale::default() });
        let scale = SampleScale { pose: self.goniometer.pose(&positions), ..scale };
        let mut marks = Vec::new();
        for Saved { position, .. } in self.saved.borrow().iter() {
            marks.push(SampleMark { name: position.name.clone(), point: self.point_of(position, &positions)? });
        }
        let told = self.told.borrow();
        let told = told.iter().enumerate();
        marks.extend(told.map(|(at, point)| SampleMark { name: format!("click {}", at + 1), point: *point }));
        Ok((scale, marks))
    }

    /// The point that was in the beam at a saved position.
    pub(crate) fn point_of(&self, saved: &CentredPosition, now: &[f64]) -> Result<Point> {
        let positions = self.goniometer.whole_of(&saved.axes, now)?;
        Ok(self.goniometer.chain.locate(&positions, Seen { x: 0.0, y: 0.0, depth: 0.0 }))
    }

    /// The position of the zoom; none while it is between two.
    fn zoom(&self) -> Result<Option<&Zoom>> {
        let Some(actuator) = &self.zoom else { return Ok(self.config.zooms.first()) };
        if !is_live(actuator.status()) {
            return Err(Error::failed(format!("{} is not connected", actuator.object())));
        }
        let at = actuator.position().value().unwrap_or_default();
        let known = self.config.zooms.iter().find(|zoom| zoom.name == at);
        match at.as_str() {
            "" => Ok(None),
            _ if known.is_some() => Ok(known),
            at => Err(Error::failed(format!("`zooms` does not tell the scale of the zoom's position {at:?}"))),
        }
    }

    /// How the picture is to be read now.
    pub(crate) fn scale(&self) -> Result<SampleScale> {
        self.fits()?;
        let between = || Error::failed("the zoom is between two positions: the scale of the picture is not known");
        Ok(self.scale_at(self.zoom()?.ok_or_else(between)?))
    }

    fn scale_at(&self, zoom: &Zoom) -> SampleScale {
        let size = self.calibrated();
        let beam = zoom.beam.unwrap_or((size.0 / 2.0, size.1 / 2.0));
        let beam_size_um = zoom.beam_size_um.unwrap_or(self.config.beam_size_um);
        SampleScale { size, um_per_pixel: zoom.um_per_pixel, beam, beam_size_um, ..SampleScale::default() }
    }

    /// The size of the picture that the zooms were calibrated for.
    fn calibrated(&self) -> (f64, f64) {
        (f64::from(self.config.picture.0), f64::from(self.config.picture.1))
    }

    /// The size of the newest picture, where a camera has shown one.
    pub(crate) fn shown(&self) -> Option<(f64, f64)> {
        let frame = self.camera.as_ref()?.frame().value()?;
        Some((f64::from(frame.width), f64::from(frame.height)))
    }

    /// Refuses a picture that the calibration is not for.
    fn fits(&self) -> Result<()> {
        self.shown().map_or(Ok(()), |shown| self.fits_picture(shown))
    }

    fn fits_picture(&self, shown: (f64, f64)) -> Result<()> {
        let calibrated = self.calibrated();
        if same_proportions(shown, calibrated) {
            return Ok(());
        }
        let (of, to) = (words(shown), words(calibrated));
        let text = format!("the picture has {of} pixels and the calibration is for {to}: no length in it is known");
        Err(Error::refused(text).remedy("Set the camera back, or calibrate this size: `picture` and `zooms`."))
    }

    /// A place in a picture of that size, in pixels of the calibrated one.
    pub(crate) fn calibrated_from(&self, picture: (f64, f64), (x, y): (f64, f64)) -> Result<(f64, f64)> {
        self.fits_picture(picture)?;
        let size = self.calibrated();
        Ok((x * size.0 / picture.0, y * size.1 / picture.1))
    }

    /// Ends when the camera changes the size of its pictures.
    async fn resized(&self, call: &Call) -> Error {
        let mut before = self.shown();
        loop {
            call.clock().sleep(FOLLOW).await;
            let now = self.shown();
            if let (Some(before), Some(now)) = (before, now)
                && before != now
            {
                let text = format!("the picture changed from {} to {} pixels", words(before), words(now));
                return Error::failed(text).remedy("Leave the camera's settings alone meanwhile, and begin again.");
            }
            before = now.or(before);
        }
    }

    /// A pixel in um from the beam.
    pub(crate) fn um_from_beam(&self, (x, y): (f64, f64)) -> Result<(f64, f64)> {
        let scale = self.scale()?;
        let inside = (0.0..=scale.size.0).contains(&x) && (0.0..=scale.size.1).contains(&y);
        if !inside {
            return Err(Error::refused(format!("{x:.0}, {y:.0} is outside the picture")));
        }
        Ok(((x - scale.beam.0) * scale.um_per_pixel.0, (y - scale.beam.1) * scale.um_per_pixel.1))
    }

    /// Says how far a centring is, to everybody.
    pub(crate) fn say(&self, call: &Call, centring: Centring) {
        let fraction = f64::from(centring.step.saturating_sub(1)) / f64::from(centring.steps.max(1));
        call.progress(fraction, centring.message.clone());
        call.activity(Activity::Busy, centring.message.clone());
        self.channels.centring.publish(centring);
    }

    /// Waits for a click; those that came before are none. It ends when nobody could click right any more: an axis was
    /// moved by somebody else, or there is no picture.
    pub(crate) async fn next_click(&self, call: &Call) -> Result<(f64, f64)> {
        let left = self.goniometer.positions()?;
        self.clicked.set(None);
        self.waits.set(true);
        loop {
            let news = self.news.notified();
            self.goniometer.elsewhere(&left)?;
            if let Some(camera) = self.camera.as_ref().filter(|camera| !is_live(camera.status())) {
                return Err(Error::failed(format!("{} shows no pictures any more", camera.object()))
                    .remedy("See in Connections what the camera says, and begin again."));
            }
            if let Some(click) = self.clicked.take() {
                self.waits.set(false);
                return Ok(click);
            }
            let clock = call.clock();
            tokio::select! {
                () = news => {}
                () = clock.sleep(FOLLOW) => {}
            }
        }
    }

    /// Carries out a procedure with the axes to itself. However it ends, that is said, and nothing is moved any more.
    async fn procedure<T>(&self, call: &Call, what: &str, work: impl Future<Output = Result<T>>) -> Result<T> {
        let _held = call.reserve(&AXES, format!("{what} is in progress")).await?;
        self.runs.set(true);
        call.activity(Activity::Busy, format!("{what} is in progress"));
        let result = tokio::select! {
            biased;
            () = call.aborted() => Err(Error::aborted()),
            () = self.ending.notified() => Err(Error::aborted()),
            result = work => result,
        };
        self.waits.set(false);
        self.runs.set(false);
        self.told.borrow_mut().clear();
        result.inspect(|_| call.activity(Activity::Idle, "")).inspect_err(|error| self.end(call, what, error))
    }

    fn end(&self, call: &Call, what: &str, error: &Error) {
        let message = format!("{what} ended: {}", error.message);
        call.activity(Activity::Idle, message.clone());
        self.channels.centring.publish(Centring { phase: CentringPhase::Ended, message, ..Centring::default() });
    }

    /// A centring: it turns omega back when it does not come to its end.
    async fn centring(&self, call: &Call, what: &str, work: impl Future<Output = Result<Centring>>) -> Result<()> {
        let omega = self.goniometer.omega();
        let start = self.goniometer.positions()?[omega];
        self.fits()?;
        let work = async {
            tokio::select! {
                biased;
                error = self.resized(call) => Err(error),
                centring = work => centring,
            }
        };
        match self.procedure(call, what, work).await {
            Ok(centring) => {
                call.activity(Activity::Idle, centring.message.clone());
                self.channels.centring.publish(centring);
                Ok(())
            }
            Err(error) => {
                // What it turned it turns back; a second stop ends that too.
                let _ = tokio::select! {
                    biased;
                    () = self.ending.notified() => Err(Error::aborted()),
                    back = self.goniometer.turn_back(start) => back,
                };
                Err(error)
            }
        }
    }
}

fn words((width, height): (f64, f64)) -> String {
    format!("{width} x {height}")
}

impl diffractometer::Serve for Minidiff {
    async fn centre(&self, call: &Call) -> Result<()> {
        self.centring(call, "centring", self.by_clicks(call)).await
    }

    async fn centre_automatically(&self, call: &Call) -> Result<()> {
        self.centring(call, "automatic centring", self.by_pictures(call)).await
    }

    async fn click(&self, _: &Call, x: f64, y: f64) -> Result<()> {
        self.um_from_beam((x, y))?;
        if self.waits.get() {
            self.clicked.set(Some((x, y)));
            self.news.notify_waiters();
        }
        // While it turns, a click too many is nothing that a person has to hear about.
        if self.runs.get() { Ok(()) } else { Err(Error::refused("no centring waits for a click")) }
    }

    async fn move_to_beam(&self, call: &Call, x: f64, y: f64) -> Result<()> {
        let from = self.um_from_beam((x, y))?;
        let to = self.goniometer.chain.bring(&self.goniometer.positions()?, from, (0.0, 0.0));
        self.procedure(call, "a move to the beam", self.goniometer.go(call.clock(), &to)).await
    }

    async fn save(&self, _: &Call, name: String) -> Result<()> {
        let name = name.trim().to_owned();
        if name.is_empty() {
            return Err(Error::refused("a position needs a name"));
        }
        let wall_secs = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let wall_secs = wall_secs.map(|since| since.as_secs_f64()).unwrap_or_default();
        let position = CentredPosition { name, axes: self.goniometer.own_positions()?, wall_secs };
        let picture = self.camera.as_ref().and_then(|camera| camera.frame().value());
        let mut saved = self.saved.borrow_mut();
        saved.retain(|other| other.position.name != position.name);
        saved.push(Saved { position, picture });
        let extra = saved.len().saturating_sub(MAX_SAVED);
        saved.drain(..extra);
        // Positions are small and pictures are not: the oldest of them go first.
        let without = saved.len().saturating_sub(MAX_PICTURES);
        saved[..without].iter_mut().for_each(|old| old.picture = None);
        drop(saved);
        self.publish_saved();
        Ok(())
    }

    async fn go_to(&self, call: &Call, name: String) -> Result<()> {
        let saved = self.find(&name)?.position;
        let to = self.goniometer.whole_of(&saved.axes, &self.goniometer.positions()?)?;
        self.procedure(call, &format!("the way to {name}"), self.goniometer.go(call.clock(), &to)).await
    }

    async fn forget(&self, _: &Call, name: String) -> Result<()> {
        self.find(&name)?;
        self.saved.borrow_mut().retain(|saved| saved.position.name != name);
        self.publish_saved();
        Ok(())
    }

    async fn show(&self, _: &Call, name: String) -> Result<()> {
        let picture = self.find(&name)?.picture;
        let none =
            || Error::refused(format!("there is no picture of {name:?}: no camera showed one, or it is too old"));
        self.channels.shown.publish(picture.ok_or_else(none)?);
        Ok(())
    }

    async fn draw(&self, _: &Call, drawing: SampleDrawing) -> Result<()> {
        self.drawings.borrow_mut().draw(drawing)?;
        self.publish_drawings();
        Ok(())
    }

    async fn erase(&self, _: &Call, name: String) -> Result<()> {
        self.drawings.borrow_mut().erase(&name)?;
        self.publish_drawings();
        Ok(())
    }

    async fn turn_head(&self, call: &Call, kappa: f64, kappa_phi: f64) -> Result<()> {
        let to = self.turned(kappa, kappa_phi)?;
        self.procedure(call, "a turn of the minikappa", self.goniometer.go(call.clock(), &to)).await
    }

    async fn align(&self, call: &Call, from: String, to: String) -> Result<()> {
        let to = self.aligned(&from, &to)?;
        self.procedure(call, "an alignment by the minikappa", self.goniometer.go(call.clock(), &to)).await
    }

    async fn stop(&self, _: &Call) -> Result<()> {
        self.ending.notify_waiters();
        Ok(())
    }
}

impl Minidiff {
    fn publish_saved(&self) {
        let positions = self.saved.borrow().iter().map(|saved| saved.position.clone()).collect();
        self.channels.saved.publish(positions);
    }

    fn publish_drawings(&self) {
        self.channels.drawings.publish(self.drawings.borrow().all().to_vec());
    }

    /// A saved position.
    pub(crate) fn find(&self, name: &str) -> Result<Saved> {
        let saved = self.saved.borrow();
        let found = saved.iter().find(|saved| saved.position.name == name).cloned();
        found.ok_or_else(|| Error::refused(format!("no position {name:?} was saved")))
    }
}
