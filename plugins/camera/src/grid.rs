//! The brick that shows many cameras in equal cells, as on the wall of a control room: the hutch, the robot, the
//! dewar. Each has its name, its picture and how it does; a lost one leaves its place and says why there.

use brickwork_sdk::interfaces::camera::{self, Camera};
use brickwork_sdk::view::{View, column, picture, row, space, state, text, value};
use brickwork_sdk::{Brick, BrickContext, ConfigProblem, Result, Role};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// More pictures side by side are too small to see anything on.
const MAX_COLUMNS: usize = 8;

/// The live pictures of several cameras.
pub struct CameraGrid {
    columns: usize,
    cameras: Vec<Camera>,
}

#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// How many pictures stand side by side; without it, as many as there are rows, or one more.
    #[schemars(range(min = 1, max = 8))]
    columns: Option<usize>,
}

impl Brick for CameraGrid {
    const KIND: &'static str = "camera.grid";
    const HELP: &'static str = "The live pictures of several cameras, such as those of a hutch, in equal cells.";
    type Config = Config;
    type Message = ();

    fn roles() -> Vec<Role> {
        vec![Role::many("cameras", camera::NAME).help("The cameras, row by row in this order.")]
    }

    fn check(config: &Config) -> Vec<ConfigProblem> {
        let wrong = config.columns.filter(|columns| !(1..=MAX_COLUMNS).contains(columns));
        let problem =
            |columns| ConfigProblem::at("columns", format!("{columns} is not a number from 1 to {MAX_COLUMNS}"));
        wrong.map(problem).into_iter().collect()
    }

    fn new(config: Config, ctx: &BrickContext) -> Result<Self> {
        let cameras = Camera::bind_all(ctx, "cameras");
        let columns = config.columns.unwrap_or_else(|| square(cameras.len())).clamp(1, MAX_COLUMNS);
        Ok(Self { columns, cameras })
    }

    fn update(&mut self, (): ()) {}

    fn view(&self) -> View<()> {
        if self.cameras.is_empty() {
            return text("no cameras: name some in the role `cameras`").muted();
        }
        // What the last row lacks is left free, so that all cells are as wide.
        let free = |cells: &[Camera]| std::iter::repeat_with(space).take(self.columns - cells.len());
        let rows = self.cameras.chunks(self.columns);
        column(rows.map(|cameras| row(cameras.iter().map(cell).chain(free(cameras))).grow()))
    }
}

/// The smallest number of columns that has no more rows than columns.
fn square(cameras: usize) -> usize {
    (1..).find(|columns| columns * columns >= cameras).unwrap_or(MAX_COLUMNS)
}

/// Name and rate above, the picture, how it does below: the same lines in every cell.
fn cell(camera: &Camera) -> View<()> {
    let name = camera.object();
    let head = row([text(name), space(), value(camera.rate()).decimals(1).muted()]);
    let shown = picture(format!("picture:{name}"), format!("Picture of {name}"), camera.frame()).grow();
    column([head, shown, row([state(name)])]).grow()
}
