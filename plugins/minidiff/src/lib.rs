//! The diffractometer: `minidiff.diffractometer` centres a sample on a goniometer by clicks or by itself,
//! `minidiff.finder` looks for the sample in the pictures, `minidiff.phases` brings lights and motors to the places of a
//! phase, and the bricks `minidiff.sample_view`, `minidiff.centring`, `minidiff.minikappa` and `minidiff.lights` are what
//! a person sees of them.
//!
//! The geometry is that of `brickwork-axes`, what is found is that of `brickwork-finder`; here are the motors.

#![forbid(unsafe_code)]

mod centring;
mod config;
mod diffractometer;
mod drawings;
mod finder;
mod goniometer;
mod head;
mod lights;
mod measure;
mod minikappa;
mod panel;
mod phases;
mod reach;
mod sample_view;
mod scene;
mod search;
#[cfg(test)]
mod tests;

use brickwork_sdk::interfaces::{command_set, diffractometer as diffractometer_v1, sample_finder};

use diffractometer::Minidiff;
use finder::Finder;
use lights::Lights;
use minikappa::Minikappa;
use panel::CentringPanel;
use phases::Phases;
use sample_view::SampleView;

brickwork_sdk::plugin! {
    objects: [Minidiff: diffractometer_v1, Finder: sample_finder, Phases: command_set],
    bricks: [SampleView, CentringPanel, Minikappa, Lights],
}
