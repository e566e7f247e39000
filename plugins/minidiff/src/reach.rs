//! Why a motor or an actuator cannot be sent somewhere now, in a sentence. The phases ask before anything moves, the
//! bricks to say it beside the control; nothing is sent from here.

use brickwork_sdk::client::Channel;
use brickwork_sdk::interfaces::actuator::Actuator;
use brickwork_sdk::interfaces::motor::Motor;
use brickwork_sdk::interfaces::{ActuatorState, MotorState, outside_from};
use brickwork_sdk::status::{Link, ObjectStatus};

const FAULT: &str = "fault: somebody must look at it before it moves";

/// Whether an object has its hardware.
pub fn is_live(status: &Channel<ObjectStatus>) -> bool {
    status.value().is_some_and(|status| status.link == Link::Live)
}

/// Why an actuator cannot be moved at all, if so.
pub fn actuator_refusal(actuator: &Actuator) -> Option<String> {
    if !is_live(actuator.status()) {
        return Some("it is not connected".into());
    }
    match actuator.state().value() {
        Some(ActuatorState::Interlocked) => {
            let said = actuator.interlock().value().filter(|why| !why.is_empty());
            Some(said.unwrap_or_else(|| "an interlock forbids it".into()))
        }
        Some(ActuatorState::Fault) => Some(FAULT.into()),
        Some(ActuatorState::Ready | ActuatorState::Moving | ActuatorState::Between) => None,
        None => Some("its state is not known".into()),
    }
}

/// Why a motor cannot be moved at all, if so.
pub fn motor_refusal(motor: &Motor) -> Option<String> {
    if !is_live(motor.status()) {
        return Some("it is not connected".into());
    }
    let is_faulty = motor.state().value() == Some(MotorState::Fault);
    is_faulty.then(|| FAULT.into())
}

/// Why an actuator cannot go to a position, if so.
pub fn no_way_to(actuator: &Actuator, position: &str) -> Option<String> {
    actuator_refusal(actuator).or_else(|| {
        let known = actuator.positions().value().unwrap_or_default();
        let is_known = known.iter().any(|name| name == position);
        (!is_known).then(|| format!("it has no position {position:?}, but {}", known.join(", ")))
    })
}

/// Why a motor cannot go to a position, if so.
pub fn no_way_for(motor: &Motor, position: f64) -> Option<String> {
    motor_refusal(motor).or_else(|| match motor.limits().value() {
        Some(limits) => {
            let unit = motor.unit().value().unwrap_or_default();
            outside_from(motor.position().value(), position, limits, &unit)
        }
        None => Some("its limits are not known".into()),
    })
}
