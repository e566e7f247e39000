//! The simulated hardware as the engine and a person meet it, in time that runs faster.

mod actuator;
mod camera;
mod commands;
mod cost;
mod machine;
mod microscope;
mod motor;

use brickwork_sdk::ErrorKind;
use brickwork_sdk::testing::{FakeHost, New, Outcome, TestObject};

fn host() -> FakeHost {
    FakeHost::with_time_scale(crate::plugin(), 50.0)
}

fn live(new: New<TestObject>) -> TestObject {
    let object = new.start();
    object.wait_live();
    object
}

fn ended(outcome: Outcome) -> (ErrorKind, String) {
    let error = outcome.into_result().expect_err("it did not finish");
    (error.kind, error.message)
}
