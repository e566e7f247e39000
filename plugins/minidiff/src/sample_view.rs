//! `minidiff.sample_view`: the microscope's picture with the beam, a scale, and what is known and drawn of the sample,
//! which follows the motors. What the mouse does is chosen below it; while a centring waits, a click is for it.

use brickwork_sdk::interfaces::actuator::{self, Actuator};
use brickwork_sdk::interfaces::camera::{self, Camera};
use brickwork_sdk::interfaces::diffractometer::{self, Diffractometer};
use brickwork_sdk::interfaces::{ActuatorState, SampleDrawing, SampleGrid, SamplePoint, SampleScale, SampleShape};
use brickwork_sdk::view::{Drag, View, button, choice, column, number_input, picture, row, state, text, toggle};
use brickwork_sdk::{Brick, BrickContext, Restored, Result, Role, State};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::measure::{Measure, Quantity};
use crate::scene::Scene;

const SCHEMA: &str = "minidiff.sample_view 2";
/// Measures that stay on the picture; the oldest go.
const MAX_MEASURES: usize = 20;
/// A click so near to the first point of an area closes it, in pixels of the picture.
const CLOSE: f64 = 14.0;
/// The sides that a cell may have, in um.
const CELLS_UM: (f64, f64) = (1.0, 1000.0);
/// How much the lens enlarges what is shown.
const LENS: f64 = 4.0;

/// The live picture of the sample.
pub struct SampleView {
    title: String,
    ctx: BrickContext,
    camera: Camera,
    diffractometer: Diffractometer,
    zoom: Option<Actuator>,
    kept: Kept,
}

/// What a reload does not lose.
#[derive(Clone, Serialize, Deserialize)]
struct Kept {
    tool: Tool,
    has_lens: bool,
    cell_um: (f64, f64),
    /// The line or grid that was clicked.
    chosen: String,
    measures: Vec<Measure>,
}

/// What the mouse does in the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Tool {
    Drag,
    ClickToBeam,
    Line,
    Grid,
    Measure(Quantity),
}

const TOOLS: [(Tool, &str); 7] = [
    (Tool::Drag, "drag moves the sample"),
    (Tool::ClickToBeam, "click moves it into the beam"),
    (Tool::Line, "draw a line"),
    (Tool::Grid, "draw a grid"),
    (Tool::Measure(Quantity::Distance), "measure a distance"),
    (Tool::Measure(Quantity::Angle), "measure an angle"),
    (Tool::Measure(Quantity::Area), "measure an area"),
];

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
    /// The mouse was dragged from there to there.
    Drag(((f64, f64), (f64, f64))),
    /// The wheel was turned with Ctrl held.
    Wheel(f64),
    /// A line or a grid was clicked.
    Choose(String),
    /// What the mouse does from now on.
    Tool(String),
    /// Whether there is a lens at the pointer.
    Lens(bool),
    /// The width of a cell, in um.
    CellWidth(f64),
    /// The height of a cell, in um.
    CellHeight(f64),
    /// The chosen line or grid goes.
    Erase,
    /// All measures go.
    Clear,
    /// The picture is to be written into a file.
    Save,
}

impl Brick for SampleView {
    const KIND: &'static str = "minidiff.sample_view";
    const HELP: &'static str = "The sample with the beam, a scale and its points; to centre, draw and measure on.";
    type Config = Config;
    type Message = Message;

    fn roles() -> Vec<Role> {
        vec![
            Role::one("camera", camera::NAME).help("The microscope."),
            Role::one("diffractometer", diffractometer::NAME).help("What a click is told."),
            Role::optional("zoom", actuator::NAME).help("What Ctrl+wheel moves, through its positions in their order."),
        ]
    }

    fn new(config: Config, ctx: &BrickContext) -> Result<Self> {
        let camera = Camera::bind(ctx, "camera")?;
        let title = config.title.unwrap_or_else(|| camera.object().into());
        let zoom = Actuator::bind_optional(ctx, "zoom");
        let diffractometer = Diffractometer::bind(ctx, "diffractometer")?;
        Ok(Self { title, ctx: ctx.clone(), camera, diffractometer, zoom, kept: Kept::default() })
    }

    fn update(&mut self, message: Message) {
        match message {
            Message::Click(at) => self.click(at),
            Message::Drag((from, to)) => self.drag(from, to),
            Message::Wheel(steps) => self.turn_zoom(steps),
            Message::Choose(name) => self.kept.chosen = name,
            Message::Tool(words) => {
                if let Some((tool, _)) = TOOLS.iter().find(|(_, name)| *name == words) {
                    self.kept.tool = *tool;
                    self.kept.measures.retain(|measure| measure.is_done);
                }
            }
            Message::Lens(on) => self.kept.has_lens = on,
            Message::CellWidth(um) => self.kept.cell_um.0 = um,
            Message::CellHeight(um) => self.kept.cell_um.1 = um,
            Message::Erase => self.diffractometer.erase(std::mem::take(&mut self.kept.chosen)).detach(),
            Message::Clear => self.kept.measures.clear(),
            Message::Save => self.ctx.save_picture("picture", "sample"),
        }
    }

    fn view(&self) -> View<Message> {
        let (drawings, is_centring) = (self.drawings(), self.is_centring());
        column([self.picture(&drawings, is_centring), self.controls(&drawings, is_centring)])
    }

    fn save(&self) -> State {
        State::new(SCHEMA, &self.kept)
    }

    fn restore(&mut self, state: &State) -> Restored {
        state.restore(SCHEMA, &mut self.kept)
    }
}

impl Default for Kept {
    fn default() -> Self {
        let (chosen, measures) = (String::new(), Vec::new());
        Self { tool: Tool::Drag, has_lens: false, cell_um: (20.0, 20.0), chosen, measures }
    }
}

impl SampleView {
    fn scale(&self) -> SampleScale {
        self.diffractometer.scale().value().unwrap_or_default()
    }

    fn drawings(&self) -> Vec<SampleDrawing> {
        self.diffractometer.drawings().value().unwrap_or_default()
    }

    fn is_centring(&self) -> bool {
        self.diffractometer.centring().value().is_some_and(|centring| centring.is_running())
    }

    fn picture(&self, drawings: &[SampleDrawing], is_centring: bool) -> View<Message> {
        let scale = self.scale();
        let mut scene = Scene::new(&scale);
        scene.drawings(drawings, &self.kept.chosen);
        scene.measures(&self.kept.measures);
        scene.marks(&self.diffractometer.marks().value().unwrap_or_default());
        let shown = picture("picture", &self.title, self.camera.frame()).overlays(scene.overlays()).grow();
        let shown = if scale.size.0 > 0.0 { shown.counted_in(scale.size) } else { shown };
        let shown = if self.kept.has_lens { shown.magnifier(LENS) } else { shown };
        let shown = if self.zoom.is_some() { shown.on_wheel(Message::Wheel) } else { shown };
        if is_centring {
            return shown.on_click(Message::Click);
        }
        match self.kept.tool {
            Tool::Drag => shown.on_drag(Drag::Move, Message::Drag).on_select(Message::Choose),
            Tool::Line => shown.on_drag(Drag::Line, Message::Drag).on_select(Message::Choose),
            Tool::Grid => shown.on_drag(Drag::Box, Message::Drag).on_select(Message::Choose),
            Tool::ClickToBeam | Tool::Measure(_) => shown.on_click(Message::Click),
        }
    }

    fn controls(&self, drawings: &[SampleDrawing], is_centring: bool) -> View<Message> {
        let names = TOOLS.map(|(_, name)| name.to_owned());
        let now = TOOLS.iter().find(|(tool, _)| *tool == self.kept.tool).map_or("", |(_, name)| name);
        let busy = if is_centring { "a click is for the centring" } else { "" };
        let tool = choice("tool", "Mouse", names, now).on_select(Message::Tool).disabled_as_said(busy);
        let mut first = vec![tool];
        first.extend(self.controls_of_tool());
        let save = button("save", "Save picture").help("As a PNG file, with all that is drawn over it");
        let mut second = vec![
            toggle("lens", "Lens", self.kept.has_lens).on_toggle(Message::Lens),
            save.on_press(Message::Save),
            state(self.diffractometer.object()),
        ];
        if drawings.iter().any(|drawing| drawing.name == self.kept.chosen) {
            second.push(button("erase", format!("Remove {}", self.kept.chosen)).on_press(Message::Erase));
        }
        if !self.kept.measures.is_empty() {
            second.push(button("clear", "Clear measures").on_press(Message::Clear));
        }
        column([row(first).wrap(), row(second).wrap()])
    }

    fn controls_of_tool(&self) -> Vec<View<Message>> {
        let cell = |id: &str, label: &str, um: f64| number_input(id, label, um).unit("um").range(CELLS_UM).form();
        match self.kept.tool {
            Tool::Grid => {
                let (width, height) = self.kept.cell_um;
                vec![
                    cell("cell_width", "Cell width", width).on_submit(Message::CellWidth),
                    cell("cell_height", "Cell height", height).on_submit(Message::CellHeight),
                ]
            }
            Tool::Measure(_) => {
                let open = self.kept.measures.last().filter(|measure| !measure.is_done);
                vec![text(open.map_or("click the first point", Measure::next)).muted()]
            }
            Tool::Drag | Tool::ClickToBeam | Tool::Line => Vec::new(),
        }
    }

    fn click(&mut self, (x, y): (f64, f64)) {
        match self.kept.tool {
            _ if self.is_centring() => self.diffractometer.click(x, y).detach(),
            Tool::ClickToBeam => self.diffractometer.move_to_beam(x, y).detach(),
            Tool::Measure(quantity) => self.measure(quantity, (x, y)),
            Tool::Drag | Tool::Line | Tool::Grid => {}
        }
    }

    fn measure(&mut self, quantity: Quantity, at: (f64, f64)) {
        let scale = self.scale();
        if !scale.is_known() {
            return;
        }
        let (point, near_um) = (scale.locate(at), CLOSE * scale.um_per_pixel.0.max(scale.um_per_pixel.1));
        match self.kept.measures.last_mut().filter(|measure| !measure.is_done) {
            Some(measure) => measure.add(point, near_um),
            None => self.kept.measures.push(Measure::from(quantity, point)),
        }
        let extra = self.kept.measures.len().saturating_sub(MAX_MEASURES);
        self.kept.measures.drain(..extra);
    }

    fn drag(&mut self, from: (f64, f64), to: (f64, f64)) {
        let scale = self.scale();
        match self.kept.tool {
            _ if self.is_centring() || !scale.is_known() => {}
            // What lies as far before the beam as the mouse went comes into it.
            Tool::Drag => {
                let (x, y) = (scale.beam.0 - (to.0 - from.0), scale.beam.1 - (to.1 - from.1));
                self.diffractometer.move_to_beam(x, y).detach();
            }
            Tool::Line => self.draw("L", SampleShape::Line { from: scale.locate(from), to: scale.locate(to) }),
            Tool::Grid => self.draw("G", SampleShape::Grid(self.grid(&scale, from, to))),
            Tool::ClickToBeam | Tool::Measure(_) => {}
        }
    }

    /// Whole cells that cover what lies between two corners.
    fn grid(&self, scale: &SampleScale, from: (f64, f64), to: (f64, f64)) -> SampleGrid {
        let sides = |from: f64, to: f64, um: f64, cell: f64| {
            let count = ((to - from).abs() * um / cell - 1e-6).ceil().max(1.0);
            (count as u32, from.min(to), count * cell / um)
        };
        let (columns, left, width) = sides(from.0, to.0, scale.um_per_pixel.0, self.kept.cell_um.0);
        let (rows, top, height) = sides(from.1, to.1, scale.um_per_pixel.1, self.kept.cell_um.1);
        let corner = scale.locate((left, top));
        let by = |end: SamplePoint| std::array::from_fn(|axis| end[axis] - corner[axis]);
        let along = by(scale.locate((left + width, top)));
        let down = by(scale.locate((left, top + height)));
        SampleGrid { corner, along, down, columns, rows, values: Vec::new() }
    }

    /// Draws it under the first name that is free, and chooses it.
    fn draw(&mut self, prefix: &str, shape: SampleShape) {
        let drawings = self.drawings();
        let names = (1..).map(|number: u32| format!("{prefix}{number}"));
        let name = names.into_iter().find(|name| !drawings.iter().any(|drawing| drawing.name == *name));
        let name = name.unwrap_or_default();
        self.kept.chosen.clone_from(&name);
        self.diffractometer.draw(SampleDrawing { name, shape }).detach();
    }

    /// As many positions further as the wheel was turned; a zoom that still moves is left alone.
    fn turn_zoom(&self, steps: f64) {
        let Some(zoom) = &self.zoom else { return };
        let (positions, now) = (zoom.positions().value().unwrap_or_default(), zoom.position().value());
        let is_ready = zoom.state().value() == Some(ActuatorState::Ready);
        let at = now.and_then(|now| positions.iter().position(|position| *position == now));
        let Some(at) = at.filter(|_| is_ready) else { return };
        let to = (at as f64 + steps).clamp(0.0, (positions.len() - 1) as f64) as usize;
        if to != at {
            zoom.move_to(positions[to].clone()).detach();
        }
    }
}
