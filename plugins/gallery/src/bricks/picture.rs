//! `gallery.picture`: pictures of cameras with shapes over them; a click says its place.

use brickwork_sdk::interfaces::camera::{self, Camera};
use brickwork_sdk::view::{Overlay, Shape, Tone, View, column, picture, row, space, state, text, toggle};
use brickwork_sdk::{Brick, BrickContext, Restored, Result, Role, State};
use serde::{Deserialize, Serialize};

use super::title;
use crate::echo::Echo;

const SCHEMA: &str = "gallery.picture 1";

/// The first camera large and with shapes, the others beside it.
pub struct PictureBrick {
    cameras: Vec<Camera>,
    kept: Kept,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    last: Echo,
    overlays: bool,
    /// Where it was clicked, in pixels of the picture from its upper left corner.
    clicked: (f64, f64),
}

/// What its controls send.
#[derive(Debug, Serialize, Deserialize)]
pub enum Message {
    /// Shapes are shown or not.
    Overlays(bool),
    /// The large picture was clicked there.
    Click((f64, f64)),
}

impl Brick for PictureBrick {
    const KIND: &'static str = "gallery.picture";
    const HELP: &'static str = "Pictures with shapes over them, live, lost and absent; a click says its place.";
    type Config = ();
    type Message = Message;

    fn roles() -> Vec<Role> {
        vec![Role::many("cameras", camera::NAME).help("the first is shown large and can be clicked")]
    }

    fn new(_: (), ctx: &BrickContext) -> Result<Self> {
        let kept = Kept { last: Echo::default(), overlays: true, clicked: (320.0, 240.0) };
        Ok(Self { cameras: Camera::bind_all(ctx, "cameras"), kept })
    }

    fn update(&mut self, message: Message) {
        self.kept.last.note(&message);
        match message {
            Message::Overlays(shown) => self.kept.overlays = shown,
            Message::Click(place) => self.kept.clicked = place,
        }
    }

    fn view(&self) -> View<Message> {
        let overlays = toggle("overlays", "Shapes", self.kept.overlays).on_toggle(Message::Overlays);
        let mut framed = self.cameras.iter().enumerate().map(|(index, camera)| self.framed(index, camera));
        let large = framed.next();
        let others = column(framed);
        column([
            title("Pictures"),
            // A row that began with the title would take it for the label of the toggle.
            row([overlays, space(), self.kept.last.view()]),
            row(large.into_iter().chain([others.grow()])).grow(),
        ])
    }

    fn save(&self) -> State {
        State::new(SCHEMA, &self.kept)
    }

    fn restore(&mut self, state: &State) -> Restored {
        state.restore(SCHEMA, &mut self.kept)
    }
}

impl PictureBrick {
    fn framed(&self, index: usize, camera: &Camera) -> View<Message> {
        let name = camera.object();
        let shown = picture(format!("picture {name}"), format!("Picture of {name}"), camera.frame()).grow();
        let shown = match index {
            0 if self.kept.overlays => shown.overlays(self.shapes()).on_click(Message::Click),
            0 => shown.on_click(Message::Click),
            _ => shown,
        };
        column([row([text(name).muted(), state(name)]), shown]).grow()
    }

    /// One of each shape, one in each tone; the cross stands where it was clicked.
    fn shapes(&self) -> [Overlay; 6] {
        let (x, y) = self.kept.clicked;
        let shapes = [
            (Shape::Cross(x, y, 24.0), Tone::Normal),
            (Shape::Circle(x, y, 12.0), Tone::Danger),
            (Shape::Rectangle(200.0, 140.0, 240.0, 200.0), Tone::Warning),
            (Shape::Line(vec![(40.0, 440.0), (40.0, 450.0), (140.0, 450.0), (140.0, 440.0)]), Tone::Primary),
            (Shape::Text(40.0, 415.0, "100 µm".into()), Tone::Title),
            (Shape::Text(40.0, 20.0, "test card".into()), Tone::Muted),
        ];
        shapes.map(|(shape, tone)| Overlay { id: String::new(), shape, tone })
    }
}
