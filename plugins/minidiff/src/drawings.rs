//! The lines and grids that were drawn on the sample: few enough, of finite numbers, each under a name of its own.

use brickwork_sdk::interfaces::{SampleDrawing, SampleGrid, SampleShape};
use brickwork_sdk::{Error, Result};
use serde::{Deserialize, Serialize};

/// Drawings at one time.
const MAX: usize = 100;
/// Cells of one grid.
pub const MAX_CELLS: u32 = 10_000;

/// All drawings, in the order in which they were made.
#[derive(Default, Serialize, Deserialize)]
pub struct Drawings(Vec<SampleDrawing>);

impl Drawings {
    /// All of them.
    pub fn all(&self) -> &[SampleDrawing] {
        &self.0
    }

    /// Adds one, or puts it in the place of the one that has its name.
    ///
    /// # Errors
    /// Says what of it cannot be.
    pub fn draw(&mut self, drawing: SampleDrawing) -> Result<()> {
        if let Some(why) = wrong(&drawing) {
            return Err(Error::refused(why));
        }
        match self.0.iter().position(|other| other.name == drawing.name) {
            Some(at) => self.0[at] = drawing,
            None if self.0.len() >= MAX => {
                let remedy = "Remove those that are not needed any more.";
                return Err(Error::refused(format!("there are {MAX} lines and grids already")).remedy(remedy));
            }
            None => self.0.push(drawing),
        }
        Ok(())
    }

    /// Takes one away.
    ///
    /// # Errors
    /// When there is none of this name.
    pub fn erase(&mut self, name: &str) -> Result<()> {
        let at = self.0.iter().position(|drawing| drawing.name == name);
        let at = at.ok_or_else(|| Error::refused(format!("no line or grid is called {name:?}")))?;
        self.0.remove(at);
        Ok(())
    }
}

fn wrong(drawing: &SampleDrawing) -> Option<String> {
    if drawing.name.trim().is_empty() {
        return Some("a line or grid needs a name".into());
    }
    let points = match &drawing.shape {
        SampleShape::Line { from, to } => [*from, *to, [0.0; 3]],
        SampleShape::Grid(SampleGrid { corner, along, down, .. }) => [*corner, *along, *down],
    };
    if !points.as_flattened().iter().all(|number| number.is_finite()) {
        return Some(format!("{:?} has a coordinate that is no number", drawing.name));
    }
    let SampleShape::Grid(SampleGrid { columns, rows, values, .. }) = &drawing.shape else { return None };
    let cells = u64::from(*columns) * u64::from(*rows);
    if cells == 0 || cells > u64::from(MAX_CELLS) {
        return Some(format!("a grid has from 1 to {MAX_CELLS} cells, not {columns} x {rows}"));
    }
    (values.len() as u64 > cells).then(|| format!("{} values are too many for {cells} cells", values.len()))
}
