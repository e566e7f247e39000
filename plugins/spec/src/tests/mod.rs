//! Tests of the plugin in the sdk's fake host, against a scripted spec on the loopback device.

mod actuator;
mod console;
mod counter;
mod link;
mod macros;
mod motor;
mod scan;
mod server;
mod session;
mod variable;

use brickwork_sdk::status::{Link, ObjectStatus};
use brickwork_sdk::testing::{FakeHost, Outcome, TestObject, fields};
use brickwork_sdk::{Error, Value};
use server::Server;

fn host() -> FakeHost {
    FakeHost::new(crate::plugin())
}

/// A session with this server, which may not be there.
fn session(host: &FakeHost, at: &str) -> TestObject {
    host.object("spec", "spec.session").config(fields! { at: at }).start()
}

/// A session that is live.
fn live_session(host: &FakeHost, server: &Server) -> TestObject {
    let session = session(host, &server.at_text());
    session.wait_live();
    session
}

/// An object of a kind that uses the session `spec`.
fn object(host: &FakeHost, name: &str, kind: &str, config: Value) -> TestObject {
    host.object(name, kind).role("session", "spec").config(config).start()
}

fn error(outcome: Outcome) -> Error {
    outcome.into_result().expect_err("it ended well")
}

fn is_disconnected(status: &ObjectStatus) -> bool {
    status.link == Link::Disconnected
}
