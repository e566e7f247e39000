//! Macros of the sample's surroundings: the interlock with the sample changer, the minidiff, and the minikappa.

use super::{Arguments, Done};
use crate::beamline::interlock::{CAN_LOAD, CAN_MOVE, FLAGS, IN_USE};
use crate::context::Context;
use crate::error::SpecError;
use crate::value::Value;

pub(super) const NAMES: &[&str] = &[
    "SCIsInUse",
    "SCMoveToLoadingPos",
    "SCMoveToUnloadingPos",
    "SCMinidiffGetControl",
    "minidiff_prepare_centring",
    "phi_init",
    "SCKappaOn",
    "SCKappaOff",
    "minikappa_init",
    "minikappa_home",
    "minikappa_manualload",
];

pub(super) async fn call(context: &Context, given: &Arguments<'_>) -> Done {
    match given.name {
        "SCIsInUse" if given.all.is_empty() => {
            let in_use = flags(context) & IN_USE != 0;
            return Ok(Value::Number(f64::from(u8::from(in_use))));
        }
        "SCIsInUse" => set_flag(context, IN_USE, given.at(0)?.is_true())?,
        "SCMoveToLoadingPos" | "SCMoveToUnloadingPos" => to_loading(context).await?,
        "SCMinidiffGetControl" => {
            set_flag(context, IN_USE | CAN_LOAD, false)?;
            set_flag(context, CAN_MOVE, true)?;
            context.say("(simulated) the minidiff has control\n");
        }
        "minidiff_prepare_centring" => {
            may_move(context)?;
            context.move_and_wait(&[("bstopz", -40.0), ("light", 1.5)]).await?;
        }
        "phi_init" | "minikappa_init" | "minikappa_home" => home(context, given.name).await?,
        "SCKappaOn" => context.set("KAPPA_IN_USE", Value::Number(1.0))?,
        "SCKappaOff" => {
            context.move_and_wait(&[("kappa", 0.0), ("kappa_phi", 0.0)]).await?;
            context.set("KAPPA_IN_USE", Value::Number(0.0))?;
        }
        "minikappa_manualload" => {
            may_move(context)?;
            context.move_and_wait(&[("kappa", 0.0)]).await?;
        }
        _ => return Err(given.unknown()),
    }
    Ok(Value::NOTHING)
}

fn flags(context: &Context) -> u32 {
    context.number(FLAGS) as u32
}

fn set_flag(context: &Context, flag: u32, on: bool) -> Result<(), SpecError> {
    let flags = if on { flags(context) | flag } else { flags(context) & !flag };
    context.set(FLAGS, Value::Number(f64::from(flags)))
}

fn may_move(context: &Context) -> Result<(), SpecError> {
    if flags(context) & CAN_MOVE != 0 {
        return Ok(());
    }
    Err(SpecError::new("the sample changer is in use: the minidiff may not move. SCMinidiffGetControl takes it back"))
}

/// Goes to where samples are exchanged, and says that they may be.
async fn to_loading(context: &Context) -> Result<(), SpecError> {
    may_move(context)?;
    set_flag(context, IN_USE, true)?;
    context.say("(simulated) minidiff to where samples are exchanged\n");
    let moves = [("phi", 0.0), ("kappa", 0.0), ("kappa_phi", 0.0), ("phiz", 0.0), ("phiy", 0.0), ("bstopz", -60.0)];
    context.move_and_wait(&moves).await?;
    set_flag(context, CAN_MOVE, false)?;
    set_flag(context, CAN_LOAD, true)
}

async fn home(context: &Context, name: &str) -> Result<(), SpecError> {
    may_move(context)?;
    context.step(&format!("{name}: home position searched"), 1.0).await;
    let moves: &[(&str, f64)] =
        if name == "phi_init" { &[("phi", 0.0)] } else { &[("kappa", 0.0), ("kappa_phi", 0.0)] };
    context.move_and_wait(moves).await
}
