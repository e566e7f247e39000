//! The names of spec's properties, which packets carry in their header: each is written here once. Clients make names
//! of them, and servers read names back; what a property does is up to the server.

use std::fmt;

use crate::Key;

/// A property of a spec server: what is read, set, or followed (*help*, properties).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Property {
    /// `motor/NAME/...`, by the mnemonic of a motor.
    Motor(String, MotorProperty),
    /// `motor/../...`: of all motors together.
    AllMotors(AllMotors),
    /// `var/NAME`: any variable of spec; a whole array too.
    Variable(String),
    /// `var/NAME[key]` or `var/NAME[key][key]`: one element of an associative array.
    Element(String, Key),
    /// `scaler/NAME/value`: what a counter shows, by its mnemonic.
    Counter(String),
    /// `scaler/.all./count`: set it to count for so many seconds or, below 0, so many counts of the monitor; 0 stops as
    /// `^C` does. It is 1 while spec counts and 0 when it has ended.
    Count,
    /// `output/NAME`: each text that spec writes to this file or, for `tty`, to its screen. Only events.
    Output(String),
    /// `status/...`: what spec itself does.
    Status(Status),
    /// `error`: the text of each error, also of what was sent without wanting a reply. Only events.
    Error,
    /// A name that is none of the above.
    Other(String),
}

impl Property {
    /// The name of spec's screen in `output/tty`.
    const TTY: &'static str = "tty";

    /// A property of one motor, by its mnemonic.
    #[must_use]
    pub fn motor(mnemonic: impl Into<String>, property: MotorProperty) -> Self {
        Self::Motor(mnemonic.into(), property)
    }

    /// A variable.
    #[must_use]
    pub fn variable(name: impl Into<String>) -> Self {
        Self::Variable(name.into())
    }

    /// One element of an associative array.
    #[must_use]
    pub fn element(array: impl Into<String>, key: impl Into<Key>) -> Self {
        Self::Element(array.into(), key.into())
    }

    /// What spec writes to its screen: `output/tty`.
    #[must_use]
    pub fn screen() -> Self {
        Self::Output(Self::TTY.to_owned())
    }

    /// What a name means. Elements are known in both forms, see [`Property::with_slash`].
    #[must_use]
    pub fn parse(name: &str) -> Self {
        Self::known(name).unwrap_or_else(|| Self::Other(name.to_owned()))
    }

    /// The name of an element as `var/NAME/key`, the form that MXCuBE sent to the spec of its beamlines and its own
    /// server knows (*peers*); its `Display` gives that of the *help*, `var/NAME[key]`. All else is the same
    /// in both.
    #[must_use]
    pub fn with_slash(&self) -> String {
        match self {
            Self::Element(array, Key { first, second: None }) => format!("var/{array}/{first}"),
            _ => self.to_string(),
        }
    }

    fn known(name: &str) -> Option<Self> {
        if name == "error" {
            return Some(Self::Error);
        }
        let (family, rest) = name.split_once('/')?;
        if rest.is_empty() {
            return None;
        }
        match family {
            "var" => Some(variable(rest)),
            "output" => Some(Self::Output(rest.to_owned())),
            "status" => Status::from_name(rest).map(Self::Status),
            "motor" => match rest.rsplit_once('/')? {
                ("..", property) => AllMotors::from_name(property).map(Self::AllMotors),
                ("", _) => None,
                (motor, property) => MotorProperty::from_name(property).map(|property| Self::motor(motor, property)),
            },
            "scaler" => match rest.rsplit_once('/')? {
                (".all.", "count") => Some(Self::Count),
                ("" | ".all.", _) => None,
                (counter, "value") => Some(Self::Counter(counter.to_owned())),
                _ => None,
            },
            _ => None,
        }
    }
}

fn variable(name: &str) -> Property {
    let indices = name.strip_suffix(']').and_then(|name| name.split_once('['));
    if let Some((array, indices)) = indices {
        let key = indices.split_once("][").map_or_else(|| Key::one(indices), |(one, two)| Key::two(one, two));
        return Property::element(array, key);
    }
    match name.split_once('/') {
        Some((array, key)) => Property::element(array, key),
        None => Property::variable(name),
    }
}

/// The name, as a packet carries it.
impl fmt::Display for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Motor(motor, property) => write!(f, "motor/{motor}/{}", property.name()),
            Self::AllMotors(property) => write!(f, "motor/../{}", property.name()),
            Self::Variable(name) => write!(f, "var/{name}"),
            Self::Element(array, key) => write!(f, "var/{array}{key}"),
            Self::Counter(counter) => write!(f, "scaler/{counter}/value"),
            Self::Count => f.write_str("scaler/.all./count"),
            Self::Output(file) => write!(f, "output/{file}"),
            Self::Status(status) => write!(f, "status/{}", status.name()),
            Self::Error => f.write_str("error"),
            Self::Other(name) => f.write_str(name),
        }
    }
}

/// Enums of names: each variant is written once, with its word.
macro_rules! names {
    ($(#[$docs:meta])* $kind:ident { $($(#[$doc:meta])* $variant:ident = $name:literal,)+ }) => {
        $(#[$docs])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $kind {
            $($(#[$doc])* #[doc = concat!("\n\n`", $name, "`")] $variant,)+
        }

        impl $kind {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word on the wire.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// The one with this word.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|property| property.name() == name)
            }
        }
    };
}

names! {
    /// What there is to know of a motor and to do with it (*help*, motor properties). User units are those in which
    /// people think of the motor, mm or degrees; user = sign * dial + offset. Set one, and there is no reply.
    MotorProperty {
        /// Where it is, in user units. Set, it changes the offset: **it does not move**. [`Self::StartOne`] does.
        Position = "position",
        /// Where it is, in dial units. Set, it changes what the controller believes: it does not move.
        DialPosition = "dial_position",
        /// User position where dial is 0, in dial units.
        Offset = "offset",
        /// 1 or -1: whether user and dial grow together. Not set.
        Sign = "sign",
        /// Steps per dial unit. Not set.
        StepSize = "step_size",
        /// **Not 0 while it moves**, 0 at rest, whatever the name says. Not set.
        MoveDone = "move_done",
        /// Not 0 while the upper limit switch is hit. Not set.
        HighLimitHit = "high_lim_hit",
        /// Not 0 while the lower limit switch is hit. Not set.
        LowLimitHit = "low_lim_hit",
        /// Not 0 when an emergency stop of the hardware is active. Not set.
        EmergencyStop = "emergency_stop",
        /// Not 0 when the controller reports a fault. Not set.
        MotorFault = "motor_fault",
        /// The upper limit: read, in **dial** units. What is set goes to `set_lm`, which takes **user** units.
        HighLimit = "high_limit",
        /// The lower limit, in the units of [`Self::HighLimit`].
        LowLimit = "low_limit",
        /// Sets both limits at once, as `low high` in the user units of `set_lm`. Not read.
        Limits = "limits",
        /// Searches `home`, `home+`, `home-`, `lim+` or `lim-`; behind a blank may follow the position of home in dial
        /// units. Not read.
        Search = "search",
        /// Not 0 while the motor is disabled. Not set.
        Unusable = "unusable",
        /// A question: the event has the position of spec and that of the controller, in steps. Set to 1, spec takes
        /// the controller's; to 0, it keeps its own.
        SyncCheck = "sync_check",
        /// Moves to a user position, now or, after [`AllMotors::Prestart`], with the others. Not read.
        StartOne = "start_one",
        /// Steps/s from which it starts. In *peers*.
        BaseRate = "base_rate",
        /// Steps/s at which it moves. In *peers*.
        SlewRate = "slew_rate",
        /// Milliseconds from base rate to slew rate. In *peers*.
        Acceleration = "acceleration",
        /// Steps by which it overshoots to come from one side. In *peers*.
        Backlash = "backlash",
    }
}

names! {
    /// What is done with all motors together (*help*, motor properties). All are set, with no value that matters.
    AllMotors {
        /// Each [`MotorProperty::StartOne`] from now on waits for [`Self::Start`].
        Prestart = "prestart_all",
        /// Starts all that wait, together.
        Start = "start_all",
        /// Stops all motors.
        Abort = "abort_all",
    }
}

names! {
    /// What spec itself does (*help*, status properties). None is set.
    Status {
        /// 1 while spec waits at its prompt and takes a command, 0 while it is busy. The *help* says so of the events;
        /// of what is read it says the opposite, so follow the events.
        Ready = "ready",
        /// 1 while spec is in a subshell.
        Shell = "shell",
        /// 1 while spec only simulates and moves nothing.
        Simulate = "simulate",
        /// 1 when spec ends.
        Quit = "quit",
    }
}

names! {
    /// The variables by which the macros of MXCuBE's SpecClient (`clientutils.mac`) tell of scans (*peers*). Their
    /// values are Python's text of a dictionary.
    ScanVariable {
        /// A scan begins.
        NewScan = "_SC_NEWSCAN",
        /// What is plotted of it.
        NewPlotData = "_SC_NEWPLOTDATA",
        /// A point of it.
        NewScanData = "_SC_NEWSCANDATA",
    }
}

impl ScanVariable {
    /// The property to register.
    #[must_use]
    pub fn property(self) -> Property {
        Property::variable(self.name())
    }
}
