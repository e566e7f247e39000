//! Functions that give a value at once: of numbers, of motors and of counters.

use std::time::{SystemTime, UNIX_EPOCH};

use super::{Arguments, Done, counter_of, motor_of};
use crate::context::Context;
use crate::error::SpecError;
use crate::value::Value;

/// `add` is not spec's: it is there so that a client can try a call.
pub(super) const NAMES: &[&str] = &[
    "add",
    "sqrt",
    "fabs",
    "int",
    "sin",
    "cos",
    "exp",
    "log",
    "length",
    "time",
    "user",
    "dial",
    "get_lim",
    "motor_num",
    "motor_mne",
    "motor_name",
    "cnt_num",
    "cnt_mne",
    "cnt_name",
];

pub(super) fn call(context: &Context, given: &Arguments) -> Done {
    let number = match given.name {
        "add" => given.number(0)? + given.number(1)?,
        "sqrt" => given.number(0)?.sqrt(),
        "fabs" => given.number(0)?.abs(),
        "int" => given.number(0)?.trunc(),
        "sin" => given.number(0)?.sin(),
        "cos" => given.number(0)?.cos(),
        "exp" => given.number(0)?.exp(),
        "log" => given.number(0)?.ln(),
        "length" => given.text(0)?.chars().count() as f64,
        "time" => SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64(),
        _ => return of_hardware(context, given),
    };
    Ok(Value::Number(number))
}

fn of_hardware(context: &Context, given: &Arguments) -> Done {
    let world = context.world();
    if given.name.starts_with("cnt") {
        let counter = counter_of(&world, given.at(0)?)?;
        let setup = &world.counters.all[counter].setup;
        return Ok(match given.name {
            "cnt_num" => Value::Number(counter as f64),
            "cnt_mne" => Value::text(&setup.mnemonic),
            _ => Value::text(&setup.name),
        });
    }
    let number = motor_of(&world, given.at(0)?)?;
    let motor = &world.motors[number];
    Ok(match given.name {
        "user" => Value::Number(motor.user_of(given.number(1)?)),
        "dial" => Value::Number(motor.dial_of(given.number(1)?)),
        // In dial units, as spec's.
        "get_lim" => Value::Number(if given.number(1)? > 0.0 { motor.high } else { motor.low }),
        "motor_num" => Value::Number(number as f64),
        "motor_mne" => Value::text(&motor.setup.mnemonic),
        "motor_name" => Value::text(&motor.setup.name),
        name => return Err(SpecError::missing(name)),
    })
}
