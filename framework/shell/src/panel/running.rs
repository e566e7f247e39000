//! All running commands in one place: how far, since when, for whom, and a button that ends each.

use brickwork_link::CallInfo;
use brickwork_sdk::view::{Column, Node, Tone, View, button, column, progress, table, text};
use serde::{Deserialize, Serialize};

use super::Effect;
use crate::format;

/// What its controls send: the engine's name of a call.
#[derive(Serialize, Deserialize)]
pub(super) struct Abort(u64);

pub(super) fn effect(Abort(call): Abort) -> Effect {
    Effect::Abort(call)
}

/// What it shows.
pub fn running(calls: &[CallInfo], now_ns: u64) -> Node {
    let columns = [
        Column::new("Object"),
        Column::new("Command"),
        Column::new("How far"),
        Column::new("").grow(1.0),
        Column::new("Since"),
        Column::new("For"),
        Column::new(""),
    ];
    let rows = calls.iter().map(|call| cells(call, now_ns));
    let content = match calls {
        [] => text("Nothing runs.").muted(),
        _ => table("calls", "Running commands", &columns, (0, calls.len()), rows).grow(),
    };
    column([text("Running").tone(Tone::Title), content]).grow().into_node()
}

fn cells(call: &CallInfo, now_ns: u64) -> Vec<View<Abort>> {
    let lasted = format::lasted(now_ns.saturating_sub(call.since_ns));
    let words = call.command.replace('_', " ");
    vec![
        text(call.object.as_str()),
        text(words.as_str()),
        call.fraction.map_or_else(|| text(""), |fraction| progress("", fraction)),
        text(call.message.as_str()),
        text(lasted).muted(),
        text(call.caller.as_str()).muted(),
        button(format!("abort:{}", call.call), "Abort")
            .danger()
            .help(format!("End {} of {}", words, call.object))
            .on_press(Abort(call.call)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_call_is_named_with_its_progress_and_can_be_ended() {
        let call = |call, fraction| CallInfo {
            call,
            object: "minidiff".into(),
            command: "centre".into(),
            caller: "opd29".into(),
            fraction,
            message: "step 2/3".into(),
            ..CallInfo::default()
        };
        let node = running(&[call(7, Some(0.66)), call(8, None)], 1_000_000_000);
        assert!(node.problems().is_empty(), "{:?}", node.problems());
        assert!(node.walk().any(|node| node.kind == "progress"));
        let press = node.find("abort:8").and_then(|node| node.attribute("on_press")?.get("message").cloned());
        assert_eq!(super::super::effect_of("shell/running", press.expect("it is there")), Effect::Abort(8));
    }
}
