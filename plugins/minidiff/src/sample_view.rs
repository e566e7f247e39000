//! `minidiff.sample_view`: the microscope's picture with the beam, a scale, and the points of the sample, which follow
//! the motors. A click centres.

use brickwork_sdk::interfaces::camera::{self, Camera};
use brickwork_sdk::interfaces::diffractometer::{self, Diffractometer};
use brickwork_sdk::interfaces::{SampleMark, SampleScale};
use brickwork_sdk::view::{Overlay, Shape, Tone, View, column, picture, row, space, state, toggle};
use brickwork_sdk::{Brick, BrickContext, Restored, Result, Role, State};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

const SCHEMA: &str = "minidiff.sample_view 1";
/// Arms of the cross on a point, in pixels of the picture.
const ARM: f64 = 14.0;
/// The scale bar is at most this part of the picture's width.
const BAR: f64 = 0.2;
/// How far the scale bar is from the corner, in parts of the picture.
const MARGIN: f64 = 0.03;

/// The live picture of the sample.
pub struct SampleView {
    title: String,
    camera: Camera,
    diffractometer: Diffractometer,
    click_moves: bool,
}

#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// What the picture is called; without it, the name of the camera.
    title: Option<String>,
}

/// What a person can do.
#[derive(Serialize, Deserialize)]
pub enum Message {
    /// The picture was clicked there.
    Click((f64, f64)),
    /// Whether a click moves the sample while no centring waits for it.
    ClickMoves(bool),
}

impl Brick for SampleView {
    const KIND: &'static str = "minidiff.sample_view";
    const HELP: &'static str = "The sample with the beam, a scale and its points; a click centres.";
    type Config = Config;
    type Message = Message;

    fn roles() -> Vec<Role> {
        vec![
            Role::one("camera", camera::NAME).help("The microscope."),
            Role::one("diffractometer", diffractometer::NAME).help("What a click is told."),
        ]
    }

    fn new(config: Config, ctx: &BrickContext) -> Result<Self> {
        let camera = Camera::bind(ctx, "camera")?;
        let title = config.title.unwrap_or_else(|| camera.object().into());
        Ok(Self { title, camera, diffractometer: Diffractometer::bind(ctx, "diffractometer")?, click_moves: false })
    }

    fn update(&mut self, message: Message) {
        match message {
            Message::ClickMoves(on) => self.click_moves = on,
            Message::Click((x, y)) if self.is_centring() => self.diffractometer.click(x, y).detach(),
            Message::Click((x, y)) if self.click_moves => self.diffractometer.move_to_beam(x, y).detach(),
            Message::Click(_) => {}
        }
    }

    fn view(&self) -> View<Message> {
        let scale = self.diffractometer.scale().value().unwrap_or_default();
        let marks = self.diffractometer.marks().value().unwrap_or_default();
        let shown = picture("picture", &self.title, self.camera.frame()).overlays(overlays(&scale, &marks)).grow();
        let shown = if self.is_centring() || self.click_moves { shown.on_click(Message::Click) } else { shown };
        let moves = toggle("click_moves", "Click moves it into the beam", self.click_moves);
        column([shown, row([state(self.diffractometer.object()), space(), moves.on_toggle(Message::ClickMoves)])])
    }

    fn save(&self) -> State {
        State::new(SCHEMA, &self.click_moves)
    }

    fn restore(&mut self, state: &State) -> Restored {
        state.restore(SCHEMA, &mut self.click_moves)
    }
}

impl SampleView {
    fn is_centring(&self) -> bool {
        self.diffractometer.centring().value().is_some_and(|centring| centring.is_running())
    }
}

/// The beam, the scale bar and the points.
pub fn overlays(scale: &SampleScale, marks: &[SampleMark]) -> Vec<Overlay> {
    let mut all = Vec::new();
    let mut add = |shape, tone| all.push(Overlay { id: String::new(), shape, tone });
    if scale.um_per_pixel.0 > 0.0 && scale.um_per_pixel.1 > 0.0 {
        let (x, y) = scale.beam;
        let (width, height) =
            (scale.beam_size_um.0 / scale.um_per_pixel.0, scale.beam_size_um.1 / scale.um_per_pixel.1);
        add(Shape::Rectangle(x - width / 2.0, y - height / 2.0, width, height), Tone::Primary);
        add(Shape::Cross(x, y, width.min(height) / 4.0), Tone::Primary);
        let um = round_below(scale.size.0 * BAR * scale.um_per_pixel.0);
        let length = um / scale.um_per_pixel.0;
        let (left, bottom) = (scale.size.0 * (1.0 - MARGIN) - length, scale.size.1 * (1.0 - MARGIN));
        add(Shape::Line(vec![(left, bottom), (left + length, bottom)]), Tone::Normal);
        add(Shape::Text(left, bottom - scale.size.1 * MARGIN, format!("{um} um")), Tone::Normal);
    }
    for SampleMark { name, at: (x, y), .. } in marks {
        add(Shape::Cross(*x, *y, ARM), Tone::Warning);
        add(Shape::Text(x + ARM, y - ARM, name.clone()), Tone::Warning);
    }
    all
}

/// The largest of 1, 2 and 5 times a power of ten that is not above `um`.
fn round_below(um: f64) -> f64 {
    let power = 10_f64.powf(um.max(f64::MIN_POSITIVE).log10().floor());
    [5.0, 2.0, 1.0].into_iter().map(|digit| digit * power).find(|round| *round <= um).unwrap_or(power)
}
