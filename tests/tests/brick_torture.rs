//! Builds of a brick that fail, in the real window: what is on screen goes on, and the reason stands beside it.

use brickwork_sdk::status::Link;
use brickwork_tests::beamline::Beamline;
use brickwork_tests::torture::{FILE, LAYOUT, build, live, tell};
use brickwork_tests::{PATIENCE, display, poll, programs};

/// The button of the only brick.
const PRESS: &str = "torture.panel/press";

struct Window(Beamline);

impl Window {
    fn open() -> Option<Self> {
        if !programs::have(display::PROGRAMS) {
            return None;
        }
        let window = Self(Beamline::prepare(LAYOUT));
        window.put("fine", 0);
        let mut window = window;
        window.0.run();
        window.0.sees("build 0000: 0 presses");
        Some(window)
    }

    /// Puts a build into the watched folder as an installer does.
    fn put(&self, word: &str, number: usize) {
        let built = self.0.plugin("built");
        std::fs::write(&built, build(word, number)).expect("the folder is ours");
        self.0.put_plugin(&built, FILE);
    }
}

#[test]
fn a_brick_whose_new_build_fails_goes_on_as_it_was_and_a_mended_build_has_its_state() {
    let Some(window) = Window::open() else { return };
    for (at, word) in ["bnew", "bview", "brestor"].into_iter().enumerate() {
        window.0.click(PRESS);
        window.put(word, at + 1);
        window.0.sees("could not be shown");
        window.0.sees(&format!("the mark says that `{word}` panics"));
        window.0.sees("generation 1 goes on");
        window.0.sees(&format!("build 0000: {} presses", at + 1));
    }
    window.put("fine", 9);
    window.0.sees("build 0009: 3 presses");
    window.0.no_longer_sees("could not be shown");
}

#[test]
fn a_brick_whose_new_build_does_not_return_is_named_and_the_one_before_goes_on() {
    let Some(window) = Window::open() else { return };
    window.put("bhang", 1);
    window.0.sees("generation 2 did not return within");
    window.0.click(PRESS);
    window.0.sees("build 0000: 1 presses");
}

#[test]
fn the_state_of_another_shape_is_parked_and_comes_back_with_the_build_that_knows_it() {
    let Some(window) = Window::open() else { return };
    window.0.click(PRESS);
    window.0.click(PRESS);
    window.0.sees("build 0000: 2 presses");
    window.put("shape", 1);
    window.0.sees("it was saved as \"panel 1\", this is \"panel 2\"");
    window.0.sees("build 0001: 0 presses");
    window.0.click(PRESS);
    window.0.sees("build 0001: 1 presses");
    window.put("fine", 2);
    window.0.sees("build 0002: 2 presses");
    window.put("shape", 3);
    window.0.sees("build 0003: 1 presses");
    window.0.no_longer_sees("it was saved as");
}

#[test]
fn an_object_that_stays_off_is_restarted_by_its_button() {
    let Some(window) = Window::open() else { return };
    let engine = window.0.engine();
    let is_off = || engine.notice_about("one").is_some_and(|notice| notice.text.contains("stays off"));
    while !is_off() {
        live(&engine);
        engine.end_of(tell(&engine, "panic"));
        let fault = poll(PATIENCE, || (engine.status("one").link == Link::Fault).then_some(()));
        assert!(fault.is_some());
    }
    window.0.sees("stays off");
    window.0.display.act(&["key", "ctrl+k"]);
    window.0.click("shell/connections/objects/one");
    window.0.click("shell/connections/restart");
    live(&engine);
    window.0.no_longer_sees("stays off");
}
