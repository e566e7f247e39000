//! `gallery.controls`: everything that is pressed, switched, chosen or entered, usable and not.

use brickwork_sdk::view::{
    View, button, choice, column, group, number_input, progress, row, scroll, slider, text_input, toggle,
};
use brickwork_sdk::{Brick, BrickContext, Restored, Result, Role, State};
use serde::{Deserialize, Serialize};

use super::title;
use crate::echo::{Echo, Hidden};
use crate::signal::gallery_signal::{self, GallerySignal};

const SCHEMA: &str = "gallery.controls 1";
const ZOOMS: [&str; 6] = ["1", "2", "3", "4", "5", "6"];
const SPACE_GROUPS: [&str; 9] = ["P1", "P2", "P2(1)", "C2", "P222", "P2(1)2(1)2(1)", "P4", "P4(1)", "P4(3)2(1)2"];
/// The exposures that the input with limits takes.
const EXPOSURES_SECS: (f64, f64) = (0.002, 10.0);
const PERCENT: (f64, f64) = (0.0, 100.0);

/// Buttons, toggles, choices, inputs, sliders and progress.
pub struct ControlsBrick {
    signal: GallerySignal,
    kept: Kept,
}

/// What was entered, and what its successor gets.
#[derive(Serialize, Deserialize)]
struct Kept {
    last: Echo,
    light: bool,
    zoom: String,
    space_group: String,
    images: f64,
    exposure_secs: f64,
    prefix: String,
    comment: String,
    backlight_percent: f64,
    gain: f64,
}

impl Default for Kept {
    fn default() -> Self {
        Self {
            last: Echo::default(),
            light: true,
            zoom: "5".into(),
            space_group: "P222".into(),
            images: 900.0,
            exposure_secs: 0.02,
            prefix: "lyso_1".into(),
            comment: String::new(),
            backlight_percent: 40.0,
            gain: 2.0,
        }
    }
}

/// What its controls send.
#[derive(Debug, Serialize, Deserialize)]
pub enum Message {
    /// A plain button.
    Home,
    /// The main button.
    Collect,
    /// The dangerous one.
    Stop,
    /// The quiet one.
    Details,
    /// What a control that is disabled would send: never sent.
    Never,
    /// The same with text.
    NeverText(String),
    /// The same with a number.
    NeverNumber(f64),
    /// The switch.
    Light(bool),
    /// One of few.
    Zoom(String),
    /// One of many.
    SpaceGroup(String),
    /// A number with steps.
    Images(f64),
    /// A number within limits.
    Exposure(f64),
    /// A number that follows a channel.
    Follow(f64),
    /// Text.
    Prefix(String),
    /// Text that may be empty.
    Comment(String),
    /// Text that is not shown.
    Password(Hidden),
    /// A number that is dragged.
    Backlight(f64),
    /// A number that is dragged in steps.
    Gain(f64),
}

impl Brick for ControlsBrick {
    const KIND: &'static str = "gallery.controls";
    const HELP: &'static str = "Every control in every state; the last line says what was sent.";
    type Config = ();
    type Message = Message;

    fn roles() -> Vec<Role> {
        vec![Role::one("signal", gallery_signal::NAME).help("the number that an input follows")]
    }

    fn new(_: (), ctx: &BrickContext) -> Result<Self> {
        Ok(Self { signal: GallerySignal::bind(ctx, "signal")?, kept: Kept::default() })
    }

    fn update(&mut self, message: Message) {
        let kept = &mut self.kept;
        kept.last.note(&message);
        match message {
            Message::Light(on) => kept.light = on,
            Message::Zoom(zoom) => kept.zoom = zoom,
            Message::SpaceGroup(space_group) => kept.space_group = space_group,
            Message::Images(images) => kept.images = images,
            Message::Exposure(secs) => kept.exposure_secs = secs,
            Message::Prefix(prefix) => kept.prefix = prefix,
            Message::Comment(comment) => kept.comment = comment,
            Message::Backlight(percent) => kept.backlight_percent = percent,
            Message::Gain(gain) => kept.gain = gain,
            Message::Home | Message::Collect | Message::Stop | Message::Details => {}
            Message::Follow(_) | Message::Password(_) => {}
            Message::Never | Message::NeverText(_) | Message::NeverNumber(_) => {}
        }
    }

    fn view(&self) -> View<Message> {
        let left =
            column([group("Buttons", buttons()), group("Toggles", self.toggles()), group("Choices", self.choices())]);
        let right = column([
            group("Numbers", self.numbers()),
            group("Text", self.texts()),
            group("Sliders", self.sliders()),
            group("Progress", self.progress()),
        ]);
        scroll(column([title("Controls"), row([left.grow(), right.grow()]), self.kept.last.view()]))
    }

    fn save(&self) -> State {
        State::new(SCHEMA, &self.kept)
    }

    fn restore(&mut self, state: &State) -> Restored {
        state.restore(SCHEMA, &mut self.kept)
    }
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn buttons() -> View<Message> {
    column([
        row([
            button("home", "Home").on_press(Message::Home),
            button("collect", "Collect").primary().on_press(Message::Collect),
            button("stop", "Stop").danger().on_press(Message::Stop),
            button("details", "Details").muted().help("Says more").on_press(Message::Details),
        ]),
        row([
            button("mount", "Mount").disabled("the sample changer is disconnected").on_press(Message::Never),
            button("measure", "Measure").primary().disabled("no sample is mounted").on_press(Message::Never),
            button("open", "Open").danger().disabled("the hutch is not searched").on_press(Message::Never),
        ]),
    ])
}

impl ControlsBrick {
    fn toggles(&self) -> View<Message> {
        row([
            toggle("light", "Light", self.kept.light).on_toggle(Message::Light),
            toggle("cryo", "Cryo", true).disabled("the cryostream is switched by hand").on_toggle(|_| Message::Never),
            toggle("door", "Door", false).disabled("interlock").on_toggle(|_| Message::Never),
        ])
    }

    fn choices(&self) -> View<Message> {
        let kept = &self.kept;
        column([
            choice("zoom", "One of few", names(&ZOOMS), &kept.zoom).on_select(Message::Zoom),
            choice("space group", "One of many", names(&SPACE_GROUPS), &kept.space_group)
                .on_select(Message::SpaceGroup),
            choice("few off", "One of few, not now", names(&["in", "out"]), "in")
                .disabled("the beamstop is moving")
                .on_select(Message::NeverText),
            choice("many off", "One of many, not now", names(&SPACE_GROUPS), "P1")
                .disabled("a collection runs")
                .on_select(Message::NeverText),
        ])
    }

    fn numbers(&self) -> View<Message> {
        let exposure = number_input("exposure", "With limits", self.kept.exposure_secs).unit("s").range(EXPOSURES_SECS);
        let follow = number_input("follow", "Follows a channel", 0.0).follow(self.signal.number()).decimals(3);
        column([
            row([
                number_input("images", "With steps", self.kept.images)
                    .decimals(0)
                    .step(100.0)
                    .help("The arrow keys and the wheel step it, Enter sends it")
                    .on_submit(Message::Images),
                exposure.on_submit(Message::Exposure),
                follow.on_submit(Message::Follow),
            ]),
            number_input("energy", "Not now", 12.7)
                .unit("keV")
                .disabled("the monochromator is warming up")
                .on_submit(Message::NeverNumber),
        ])
    }

    fn texts(&self) -> View<Message> {
        column([
            row([
                text_input("prefix", "Prefix", &self.kept.prefix).on_text(Message::Prefix),
                text_input("comment", "Comment", &self.kept.comment).placeholder("optional").on_text(Message::Comment),
            ]),
            row([
                text_input("password", "Not shown", "")
                    .secret()
                    .placeholder("password")
                    .on_text(|text| Message::Password(Hidden(text))),
                text_input("proposal", "Not now", "mx415").disabled("nobody is logged in").on_text(Message::NeverText),
            ]),
        ])
    }

    fn sliders(&self) -> View<Message> {
        let kept = &self.kept;
        row([
            slider("backlight", "Backlight", kept.backlight_percent, PERCENT)
                .unit("%")
                .decimals(0)
                .on_submit(Message::Backlight),
            slider("gain", "In steps of 0.5", kept.gain, (0.0, 10.0)).step(0.5).on_submit(Message::Gain),
            slider("focus", "Not now", 3.0, (0.0, 10.0)).disabled("the camera is off").on_submit(Message::NeverNumber),
        ])
    }

    fn progress(&self) -> View<Message> {
        column([
            progress("not begun", 0.0),
            progress("as far as the backlight", self.kept.backlight_percent / PERCENT.1),
            progress("done", 1.0),
        ])
    }
}
