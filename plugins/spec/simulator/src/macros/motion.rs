//! Macros and functions that move motors, set their numbers, and show where they are. As spec's, `mv` and `mvr` wait
//! for motors that move, start theirs, and return; `umv` and `umvr` wait until they are there.

use std::fmt::Write;

use brickwork_spec_protocol::MotorProperty;

use super::{Arguments, Done, motor_of};
use crate::context::Context;
use crate::error::SpecError;
use crate::value::Value;

pub(super) const NAMES: &[&str] = &[
    "mv",
    "mvr",
    "umv",
    "umvr",
    "move_em",
    "move_all",
    "get_angles",
    "getangles",
    "waitmove",
    "set",
    "set_dial",
    "set_lm",
    "chg_dial",
    "chg_offset",
    "motor_par",
    "wm",
    "wa",
];

pub(super) async fn call(context: &Context, given: &Arguments<'_>) -> Done {
    match given.name {
        "mv" | "mvr" | "umv" | "umvr" => move_to(context, given).await?,
        "move_em" | "move_all" => context.move_em().await?,
        "get_angles" | "getangles" => context.world().get_angles(),
        "waitmove" => context.motors_stand().await,
        "set" | "chg_offset" => set(context, given)?,
        "set_dial" => set_dial(context, given.at(0)?, given.number(1)?)?,
        "set_lm" => set_limits(context, given)?,
        "chg_dial" => change_dial(context, given).await?,
        "motor_par" => return parameter(context, given),
        "wm" => show(context, given)?,
        "wa" => show_all(context),
        _ => return Err(given.unknown()),
    }
    Ok(Value::NOTHING)
}

async fn move_to(context: &Context, given: &Arguments<'_>) -> Result<(), SpecError> {
    if given.all.is_empty() || !given.all.len().is_multiple_of(2) {
        return Err(SpecError::new(format!("Usage: {} motor position [motor position ...]", given.name)));
    }
    context.motors_stand().await;
    {
        let mut world = context.world();
        world.get_angles();
        for pair in given.all.chunks(2) {
            let (motor, number) = (motor_of(&world, &pair[0])?, pair[1].number()?);
            let from = if given.name.ends_with('r') { world.angles[motor] } else { 0.0 };
            world.angles[motor] = from + number;
        }
    }
    context.move_em().await?;
    if given.name.starts_with('u') {
        context.motors_stand().await;
        for pair in given.all.chunks(2) {
            let line = {
                let world = context.world();
                let motor = &world.motors[motor_of(&world, &pair[0])?];
                format!("{} = {:.4}\n", motor.setup.name, motor.user())
            };
            context.say(&line);
        }
    }
    Ok(())
}

/// Gives the present place another user position, by its offset.
fn set(context: &Context, given: &Arguments) -> Result<(), SpecError> {
    let mut world = context.world();
    let motor = standing(&world, given.at(0)?)?;
    let own = &mut world.motors[motor];
    own.offset += given.number(1)? - own.user();
    world.tell(motor, &[MotorProperty::Offset]);
    world.tell_position(motor);
    Ok(())
}

/// Gives the present place another dial position. The offset stays, and so does the dial position of each switch.
fn set_dial(context: &Context, motor: &Value, dial: f64) -> Result<(), SpecError> {
    let mut world = context.world();
    let motor = standing(&world, motor)?;
    let own = &mut world.motors[motor];
    own.dial = dial;
    world.tell_position(motor);
    Ok(())
}

fn standing(world: &crate::world::World, motor: &Value) -> Result<usize, SpecError> {
    let motor = motor_of(world, motor)?;
    let own = &world.motors[motor];
    let moving = || SpecError::new(format!("{} is still moving", own.setup.mnemonic));
    if own.is_moving() { Err(moving()) } else { Ok(motor) }
}

/// Sets both limits, which are given in user units and in any order.
fn set_limits(context: &Context, given: &Arguments) -> Result<(), SpecError> {
    let mut world = context.world();
    let motor = motor_of(&world, given.at(0)?)?;
    let own = &mut world.motors[motor];
    let (one, other) = (own.dial_of(given.number(1)?), own.dial_of(given.number(2)?));
    (own.low, own.high) = (one.min(other), one.max(other));
    world.tell(motor, &[MotorProperty::LowLimit, MotorProperty::HighLimit]);
    Ok(())
}

/// With a word, a search; with a number, `set_dial`. Home is at dial 0.
async fn change_dial(context: &Context, given: &Arguments<'_>) -> Result<(), SpecError> {
    let how = given.text(1)?;
    let target = {
        let world = context.world();
        let motor = &world.motors[motor_of(&world, given.at(0)?)?];
        // Beyond its switches it does not get.
        let (low, high) = motor.switches();
        match how.as_str() {
            "home" | "home+" | "home-" => 0.0_f64.clamp(low, high),
            "lim+" => high + 1.0,
            "lim-" => low - 1.0,
            _ => {
                drop(world);
                return set_dial(context, given.at(0)?, given.number(1)?);
            }
        }
    };
    {
        let mut world = context.world();
        let motor = standing(&world, given.at(0)?)?;
        let now = world.now();
        world.motors[motor].go_unbounded(target, now);
        world.tell(motor, &[MotorProperty::MoveDone]);
    }
    context.motors_stand().await;
    match given.all.get(2) {
        Some(home) => set_dial(context, given.at(0)?, home.number()?),
        None => Ok(()),
    }
}

/// A parameter of a motor; with a third argument it is set.
fn parameter(context: &Context, given: &Arguments) -> Done {
    let mut world = context.world();
    let motor = motor_of(&world, given.at(0)?)?;
    let name = given.text(1)?;
    let property = MotorProperty::from_name(&name).filter(|property| {
        use MotorProperty::{Acceleration, Backlash, BaseRate, SlewRate, StepSize, Unusable};
        matches!(property, Acceleration | Backlash | BaseRate | SlewRate | StepSize | Unusable)
    });
    let (setup, disable) = (&world.motors[motor].setup, name == "disable");
    let mut changed = setup.clone();
    if given.all.len() > 2 {
        let value = given.number(2)?;
        match property {
            _ if disable => changed.unusable = value != 0.0,
            Some(MotorProperty::Acceleration) if value >= 0.0 => changed.acceleration = value,
            Some(MotorProperty::Backlash) if value.is_finite() => changed.backlash = value,
            Some(MotorProperty::BaseRate) if (0.0..=setup.slew_rate).contains(&value) => changed.base_rate = value,
            Some(MotorProperty::SlewRate) if value > 0.0 && value >= setup.base_rate => changed.slew_rate = value,
            _ => return Err(SpecError::new(format!("motor_par: \"{name}\" cannot be {value}"))),
        }
    }
    world.motors[motor].setup = changed;
    let property = if disable { Some(MotorProperty::Unusable) } else { property };
    let property = property.ok_or_else(|| SpecError::new(format!("motor_par: no parameter \"{name}\"")))?;
    if given.all.len() > 2 {
        world.tell(motor, &[property]);
    }
    let value = world.motors[motor].read(property).ok_or_else(|| SpecError::missing(&name))?;
    Value::from_data(value)
}

/// Where some motors are, and their limits.
fn show(context: &Context, given: &Arguments) -> Result<(), SpecError> {
    let mut world = context.world();
    world.get_angles();
    let mut text = String::from("\n              User        Dial      High         Low\n");
    for motor in given.all {
        let motor = &world.motors[motor_of(&world, motor)?];
        let (name, user, dial) = (&motor.setup.name, motor.user(), motor.dial);
        // A String takes all that is written to it.
        let _ = writeln!(text, "{name:<10} {user:>10.4}  {dial:>10.4} {:>10.4}  {:>10.4}", motor.high, motor.low);
    }
    world.say(&text);
    Ok(())
}

/// Where all motors are.
fn show_all(context: &Context) {
    let mut world = context.world();
    world.get_angles();
    let mut text = String::from("Current Positions (user, dial) of a simulated beamline\n");
    for motor in &world.motors {
        let (name, mnemonic) = (&motor.setup.name, &motor.setup.mnemonic);
        let _ = writeln!(text, "{name:<12} {mnemonic:<10} {:>12.4} {:>12.4}", motor.user(), motor.dial);
    }
    world.say(&text);
}
