//! What a brick shows: a tree of data nodes that every reader understands.
//!
//! A brick builds a [`View`] with the functions of this module; it crosses as [`Node`]s. iced draws
//! them in the shell, a headless test queries them, and a later remote shell or web page reads the
//! same tree. A node says what a thing *is*; colour, spacing and type are the shell's.
//!
//! A view of more than 20,000 nodes is refused and a card says so in its place: many rows are one [`table`].
//!
//! ```
//! use brickwork_sdk::view::{View, button, column, number_input, text};
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Serialize, Deserialize)]
//! enum Message { Stop, Step(f64) }
//!
//! let view: View<Message> = column([
//!     text("omega"),
//!     number_input("step", "Step", 0.5).unit("deg").decimals(3).on_submit(Message::Step),
//!     button("stop", "Stop").danger().on_press(Message::Stop),
//! ]);
//! assert_eq!(view.node().find("stop").expect("it was built").label(), "Stop");
//! ```

mod build;
mod event;
mod node;

pub use build::{
    View, button, choice, column, grid, group, icon, number_input, picture, plot, progress, row, same_proportions,
    scroll, slider, space, state, table, tabs, text, text_input, toggle, tree, value,
};
pub use event::{Action, Hole, fill};
pub(crate) use node::MAX_NODES;
pub use node::{Cells, Column, Drag, Node, Overlay, Series, Shape, Tone, TreeItem, ViewProblem};
