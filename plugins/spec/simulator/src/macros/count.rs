//! Macros that count.

use std::fmt::Write;

use super::{Arguments, Done};
use crate::context::Context;
use crate::value::{Value, short};

pub(super) const NAMES: &[&str] = &["ct", "count", "count_em", "waitcount", "uct"];

pub(super) async fn call(context: &Context, given: &Arguments<'_>) -> Done {
    match given.name {
        "ct" | "count" | "uct" => {
            count(context, given.number_or(0, 1.0)?).await;
            show(context);
        }
        "count_em" => {
            let preset = given.number_or(0, 1.0)?;
            context.world().count(preset);
        }
        "waitcount" => context.until(|world| !world.counters.is_counting()).await,
        _ => return Err(given.unknown()),
    }
    Ok(Value::NOTHING)
}

/// Counts and waits for the end: seconds or, below 0, counts of the monitor.
pub(super) async fn count(context: &Context, preset: f64) {
    context.motors_stand().await;
    context.world().count(preset);
    context.until(|world| !world.counters.is_counting()).await;
}

fn show(context: &Context) {
    let mut world = context.world();
    let mut text = String::from("\n");
    let secs = world.counters.all[0].value;
    for counter in &world.counters.all {
        let (name, value) = (&counter.setup.name, counter.value);
        let rate = if secs > 0.0 { value / secs } else { 0.0 };
        // A String takes all that is written to it.
        let _ = writeln!(text, "{name:>16} = {} ({}/s)", short(value), short(rate));
    }
    world.say(&text);
}
