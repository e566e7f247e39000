//! How the simulated spec misbehaves, so that clients can be tested against it. A setup begins with some; a test or the
//! function `mxsim_fault` changes them at run time.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How the simulated spec misbehaves. The default is not at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// It hangs: connections are accepted, and nothing is read or answered until this ends.
    pub hangs: bool,
    /// Milliseconds by which all that it sends is late.
    pub late_ms: u64,
    /// Of the events, every one with a number that this divides is not sent; 0 drops none.
    pub drops_every: u64,
}

/// What `mxsim_fault(...)` and [`Simulator::fault`](crate::Simulator::fault) do.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// All faults end: `none`.
    None,
    /// It hangs: `hang`. From outside only the library can end this.
    Hang,
    /// It answers so many milliseconds late: `late 500`.
    Late(u64),
    /// It drops every n-th event: `drop 3`.
    Drop(u64),
    /// It dies, as if killed: `die`.
    Die,
    /// It ends and starts again on its port: `restart`, or with other motors, `restart m0 m1`.
    Restart(Vec<String>),
    /// The controller of a motor loses steps, which spec asks about before the next move: `lose phi 40`.
    LoseSteps(String, i64),
    /// The controller of a motor reports a fault until the next `none`: `motor phi`.
    Motor(String),
}

/// The words behind the names in [`Fault`]'s documentation.
impl FromStr for Fault {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let words: Vec<&str> = text.split([' ', ',']).filter(|word| !word.is_empty()).collect();
        let number = |word: &str| word.parse().map_err(|_| format!("{word:?} is no whole number above 0"));
        match words.as_slice() {
            ["none"] => Ok(Self::None),
            ["hang"] => Ok(Self::Hang),
            ["late", ms] => number(ms).map(Self::Late),
            ["drop", every] => number(every).map(Self::Drop),
            ["die"] => Ok(Self::Die),
            ["restart", motors @ ..] => Ok(Self::Restart(motors.iter().map(|motor| (*motor).to_owned()).collect())),
            ["lose", motor, steps] => {
                let steps = steps.parse().map_err(|_| format!("{steps:?} is no number of steps"))?;
                Ok(Self::LoseSteps((*motor).to_owned(), steps))
            }
            ["motor", motor] => Ok(Self::Motor((*motor).to_owned())),
            _ => Err(format!(
                "{text:?} is no fault: `none`, `hang`, `late MS`, `drop N`, `die`, `restart [MOTOR...]`, \
                 `lose MOTOR STEPS` and `motor MOTOR` are"
            )),
        }
    }
}
