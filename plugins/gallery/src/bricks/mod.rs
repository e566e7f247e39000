//! The bricks of the gallery, one for each family of nodes. Each says in its last line what its controls sent.

mod containers;
mod controls;
mod data;
mod picture;
mod talk;
mod text;
mod values;

use brickwork_sdk::view::{Tone, View, row, text as words};

pub use containers::ContainersBrick;
pub use controls::ControlsBrick;
pub use data::DataBrick;
pub use picture::PictureBrick;
pub use talk::TalkBrick;
pub use text::TextBrick;
pub use values::ValuesBrick;

/// The heading of a brick.
fn title<M>(title: &str) -> View<M> {
    words(title).tone(Tone::Title)
}

/// Something with the words that explain it at its left.
fn explained<M>(explanation: &str, shown: View<M>) -> View<M> {
    row([words(explanation).muted(), shown])
}
