//! What spec says of one motor, and what that means in user units. The motor keeps one; nothing here talks to spec.

use brickwork_sdk::interfaces::MotorState;
use brickwork_spec_protocol::MotorProperty as P;

/// What is followed of a motor, besides its `sync_check`. `move_done` is the second.
pub const FOLLOWED: [P; 13] = [
    P::Position,
    P::MoveDone,
    P::HighLimit,
    P::LowLimit,
    P::Sign,
    P::Offset,
    P::StepSize,
    P::Unusable,
    P::MotorFault,
    P::EmergencyStop,
    P::HighLimitHit,
    P::LowLimitHit,
    P::SlewRate,
];

/// Without these a motor cannot be shown, or not safely moved.
const NEEDED: [P; 6] = [P::Position, P::MoveDone, P::HighLimit, P::LowLimit, P::Sign, P::Offset];

/// The numbers of one motor, as far as spec has told them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Values([Option<f64>; FOLLOWED.len()]);

impl Values {
    /// Takes a number.
    pub fn set(&mut self, property: P, number: f64) {
        if let Some(at) = FOLLOWED.iter().position(|followed| *followed == property) {
            self.0[at] = Some(number);
        }
    }

    /// A number, if it is known.
    pub fn get(&self, property: P) -> Option<f64> {
        FOLLOWED.iter().position(|followed| *followed == property).and_then(|at| self.0[at])
    }

    fn flag(&self, property: P) -> bool {
        self.get(property).is_some_and(|number| number != 0.0)
    }

    /// What is needed and not known.
    pub fn missing(&self) -> Vec<&'static str> {
        NEEDED.into_iter().filter(|property| self.get(*property).is_none()).map(P::name).collect()
    }

    /// Whether it moves: `move_done` is not 0 then, whatever its name says.
    pub fn is_moving(&self) -> bool {
        self.flag(P::MoveDone)
    }

    /// The limits in user units; spec has them in dial units: user = sign * dial + offset.
    pub fn limits(&self) -> Option<(f64, f64)> {
        let user = |dial: f64| Some(self.get(P::Sign)? * dial + self.get(P::Offset)?);
        let (one, other) = (user(self.get(P::LowLimit)?)?, user(self.get(P::HighLimit)?)?);
        Some((one.min(other), one.max(other)))
    }

    /// How much of a user unit one step is.
    pub fn step(&self) -> Option<f64> {
        self.get(P::StepSize).filter(|size| *size != 0.0).map(|size| 1.0 / size.abs())
    }

    /// Its unit per second.
    pub fn velocity(&self) -> Option<f64> {
        Some(self.get(P::SlewRate)? * self.step()?)
    }

    /// The user position of a position of the controller in steps.
    pub fn user_of_steps(&self, steps: f64) -> Option<f64> {
        let size = self.get(P::StepSize).filter(|size| *size != 0.0)?;
        Some(self.get(P::Sign)? * steps / size + self.get(P::Offset)?)
    }

    /// Why it cannot be moved at all, if so.
    pub fn trouble(&self) -> Option<&'static str> {
        let troubles = [
            (P::Unusable, "spec says that it is unusable: it is disabled, or its controller does not answer"),
            (P::MotorFault, "its controller reports a fault"),
            (P::EmergencyStop, "the emergency stop is active"),
        ];
        troubles.into_iter().find(|(property, _)| self.flag(*property)).map(|(_, why)| why)
    }

    /// The limit switch that is hit, as a word. The switches are those of the controller, so of the dial: where the
    /// user position grows against it, its upper switch is the lower one of the user.
    pub fn limit_hit(&self) -> Option<&'static str> {
        let turned = self.get(P::Sign).is_some_and(|sign| sign < 0.0);
        match (self.flag(P::HighLimitHit), self.flag(P::LowLimitHit)) {
            (false, false) => None,
            (true, false) if !turned => Some("upper"),
            (false, true) if turned => Some("upper"),
            (true, true) => Some("upper and the lower"),
            _ => Some("lower"),
        }
    }

    /// What it is doing.
    pub fn state(&self) -> MotorState {
        match (self.trouble(), self.is_moving(), self.limit_hit()) {
            (Some(_), ..) => MotorState::Fault,
            (None, true, _) => MotorState::Moving,
            (None, false, None) => MotorState::Ready,
            (None, false, Some("lower")) => MotorState::LowLimit,
            (None, false, Some("upper")) => MotorState::HighLimit,
            // Both switches at once: a cable, not a position.
            (None, false, Some(_)) => MotorState::Fault,
        }
    }
}

#[cfg(test)]
mod tests {
    use brickwork_sdk::interfaces::MotorState;
    use brickwork_spec_protocol::MotorProperty as P;

    use super::Values;

    fn values(numbers: &[(P, f64)]) -> Values {
        let mut values = Values::default();
        numbers.iter().for_each(|(property, number)| values.set(*property, *number));
        values
    }

    #[test]
    fn limits_are_turned_from_dial_to_user_and_swapped_when_the_sign_is_negative() {
        let dial = [(P::LowLimit, -10.0), (P::HighLimit, 50.0), (P::Offset, 2.0)];
        assert_eq!(values(&[&dial[..], &[(P::Sign, 1.0)]].concat()).limits(), Some((-8.0, 52.0)));
        assert_eq!(values(&[&dial[..], &[(P::Sign, -1.0)]].concat()).limits(), Some((-48.0, 12.0)));
        assert_eq!(values(&dial).limits(), None, "without the sign they are not known");
    }

    #[test]
    fn a_motor_moves_while_move_done_is_not_0() {
        assert_eq!(values(&[(P::MoveDone, 1.0)]).state(), MotorState::Moving);
        assert_eq!(values(&[(P::MoveDone, 0.0)]).state(), MotorState::Ready);
    }

    #[test]
    fn every_state_of_a_motor_is_told() {
        for property in [P::Unusable, P::MotorFault, P::EmergencyStop] {
            assert_eq!(values(&[(property, 1.0), (P::MoveDone, 1.0)]).state(), MotorState::Fault, "{property:?}");
        }
        assert_eq!(values(&[(P::HighLimitHit, 1.0), (P::Sign, 1.0)]).state(), MotorState::HighLimit);
        assert_eq!(values(&[(P::LowLimitHit, 1.0), (P::Sign, 1.0)]).state(), MotorState::LowLimit);
        assert_eq!(values(&[(P::LowLimitHit, 1.0), (P::Sign, -1.0)]).state(), MotorState::HighLimit);
        assert_eq!(values(&[(P::HighLimitHit, 1.0), (P::Sign, -1.0)]).state(), MotorState::LowLimit);
        assert_eq!(values(&[(P::HighLimitHit, 1.0), (P::LowLimitHit, 1.0)]).state(), MotorState::Fault);
    }

    #[test]
    fn steps_become_user_positions() {
        let motor = values(&[(P::StepSize, 2000.0), (P::Sign, -1.0), (P::Offset, 5.0), (P::SlewRate, 1000.0)]);
        assert_eq!(motor.user_of_steps(4000.0), Some(3.0));
        assert_eq!(motor.velocity(), Some(0.5));
    }
}
