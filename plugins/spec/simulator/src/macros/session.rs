//! Macros of the session itself: waiting, ending, and the faults that a client can ask for.

use brickwork_spec_protocol::{Data, Property, Status};

use super::{Arguments, Done};
use crate::context::{Context, End};
use crate::error::SpecError;
use crate::simulator;
use crate::value::Value;

pub(super) const NAMES: &[&str] = &["sleep", "wait", "quit", "mxsim_fault", "mxsim_help", "eprodc_log_message"];
pub(super) const TAKE_TEXT: &[&str] = &["mxsim_fault", "eprodc_log_message"];

pub(super) async fn call(context: &Context, given: &Arguments<'_>) -> Done {
    match given.name {
        "sleep" => context.pause(given.number(0)?).await,
        "wait" => {
            context.motors_stand().await;
            context.until(|world| !world.counters.is_counting()).await;
        }
        "quit" => quit(context).await,
        "mxsim_fault" => {
            let fault = given.line().parse().map_err(SpecError::new)?;
            simulator::apply(&context.spec, &fault)?;
        }
        "mxsim_help" => context.say(
            "This is mxspecsim, a simulator. It knows these functions and macros, and faults:\n\
             mxsim_fault none | hang | late MS | drop N | die | restart [MOTOR...] | lose MOTOR STEPS | motor MOTOR\n",
        ),
        "eprodc_log_message" => context.say(&format!("{}\n", given.line())),
        _ => return Err(given.unknown()),
    }
    Ok(Value::NOTHING)
}

/// Tells all clients, and gives their connections a moment to carry it.
async fn quit(context: &Context) {
    context.world().audience.publish(&Property::Status(Status::Quit), &Data::flag(true));
    tokio::time::sleep(crate::context::TICK).await;
    context.spec.end.send_replace(Some(End::Die));
}
