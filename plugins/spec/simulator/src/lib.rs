//! A simulated spec of an MX beamline: a server of the SPEC server protocol with motors, counters, variables and the
//! macros that MXCuBE calls, for tests and for a demonstration without a beamline. Tests start a [`Simulator`], the
//! command `mxspecsim` runs one. It is no spec, moves nothing, writes no file, and listens on 127.0.0.1 only.
//!
//! ```
//! use brickwork_mxspecsim::{MotorSetup, Setup, Simulator};
//!
//! let setup = Setup::on_any_port().with_motors([MotorSetup::new("m0", "Motor 0").at(2.5)]);
//! let mut simulator = Simulator::start(setup)?;
//! assert_ne!(simulator.port, 0);
//! simulator.move_by_hand("m0", 3.0)?;
//! assert_eq!(simulator.position("m0"), Some(3.0));
//! simulator.kill();
//! assert!(!simulator.is_running());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What it does where nobody could say what spec does
//!
//! No genuine spec was there to compare with. These are decisions, made in the direction in which a client is tested
//! harder:
//!
//! * To register what does not exist brings no event, and no error. The events come when it exists.
//! * A data array can be read and set, but brings no events (so says the vendor's help). `sync_check`, `error` and
//!   `output/...` bring none when they are registered: they have no value then.
//! * One command runs at a time. The others wait in a queue, and so does what a client sets of a motor, `start_one` for
//!   one. Reads are answered at once. `status/ready` is 0 from the first command to the end of the last that waits.
//! * `mv` returns when the motors have started, `umv` when they are there: at the prompt motors may still move. A
//!   `start_one` of a motor that moves is refused with an event of `error`.
//! * A motor that is told to go where it is does not move, and there is no event.
//! * `^C` ends what runs for whoever asked, and what its own client has in the queue. Who waits for a reply of it gets an
//!   error. Motors brake, counters stop, and a shutter that a command left open is closed.
//! * One element of an associative array is read as an array with that element alone.
//! * `status/ready` reads as its event does: 1 at the prompt. (The vendor's help says the opposite of reading it.)

#![forbid(unsafe_code)]

mod beamline;
mod context;
mod error;
mod faults;
mod language;
mod macros;
mod queue;
mod server;
mod setup;
mod simulator;
mod value;
mod world;

pub use error::StartError;
pub use faults::{Fault, Faults};
pub use setup::{CounterSetup, MotorSetup, Setup};
pub use simulator::{ControlError, Simulator};
