//! The objects as the engine uses them, and every brick as a person does.

mod asker;
mod bricks;
mod controls;
mod objects;
