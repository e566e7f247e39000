//! The diffractometer: `minidiff.diffractometer` centres a sample on a goniometer by clicks or by itself,
//! `minidiff.finder` looks for the sample in the pictures, and the bricks `minidiff.sample_view` and
//! `minidiff.centring` are what a person sees of them.
//!
//! The geometry is that of `brickwork-axes`, what is found is that of `brickwork-finder`; here are the motors.

#![forbid(unsafe_code)]

mod centring;
mod config;
mod diffractometer;
mod drawings;
mod finder;
mod goniometer;
mod measure;
mod panel;
mod sample_view;
mod scene;
mod search;
#[cfg(test)]
mod tests;

use brickwork_sdk::interfaces::{diffractometer as diffractometer_v1, sample_finder};

use diffractometer::Minidiff;
use finder::Finder;
use panel::CentringPanel;
use sample_view::SampleView;

brickwork_sdk::plugin! {
    objects: [Minidiff: diffractometer_v1, Finder: sample_finder],
    bricks: [SampleView, CentringPanel],
}
