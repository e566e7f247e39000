//! Why there is no spec to talk to, as the sentence and the remedy that a person reads at 3 a.m. The driver and the
//! dialler make one; every object of the address shows it. None of them names a number that changes with each try.

use std::io;

use brickwork_sdk::Error;
use brickwork_spec_protocol::DecodeError;

use crate::address::{Address, Place, ports};

/// Why there is no spec to talk to, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// Where, what, since when.
    pub error: String,
    /// What a person can do.
    pub remedy: String,
    /// Whether nothing has gone wrong yet: the first attempt goes on.
    pub begins: bool,
}

/// What went wrong.
#[derive(Debug)]
pub enum Cause {
    /// No attempt has come to its end yet.
    Begins,
    /// The name of the host has no address.
    UnknownHost(String),
    /// Nobody listens there.
    Refused,
    /// Nobody answers there within so many seconds.
    NoConnection(f64),
    /// Somebody listens and says nothing for so many seconds.
    NoHello(f64),
    /// No port has a spec of this name; what was found at each.
    NotFound(String),
    /// What came is no packet of spec.
    NotSpec(DecodeError),
    /// It said or did goodbye.
    Closed,
    /// The network.
    Broken(io::Error),
    /// It is connected and has said nothing for a while.
    Silent,
    /// It has said nothing for so long that the connection was given up.
    GivenUp(f64),
    /// Code of this plugin has ended where it should not.
    Ended,
}

impl Cause {
    /// Whether somebody is there who does not answer as spec does.
    pub fn is_no_answer(&self) -> bool {
        matches!(self, Self::NoHello(_) | Self::Closed | Self::NotSpec(_) | Self::NotFound(_))
    }
}

/// The time on the wall of the beamline.
pub fn wall_time() -> String {
    jiff::Zoned::now().strftime("%H:%M:%S").to_string()
}

impl Trouble {
    /// What a person reads of a cause that began at this time on the wall.
    pub fn new(address: &Address, since: &str, cause: &Cause) -> Self {
        let what = what(&address.host, cause);
        let error = format!("spec {address} {what} (since {since})");
        Self { error, remedy: remedy(address, cause), begins: matches!(cause, Cause::Begins) }
    }

    /// As the end of something that was asked.
    #[track_caller]
    pub fn to_error(&self) -> Error {
        Error::failed(self.error.clone()).remedy(self.remedy.clone())
    }
}

fn what(host: &str, cause: &Cause) -> String {
    match cause {
        Cause::Begins => "is being connected".into(),
        Cause::UnknownHost(why) => format!("cannot be reached: the name {host:?} is not known ({why})"),
        Cause::Refused => "is not there: the connection was refused".into(),
        Cause::NoConnection(secs) => format!("cannot be reached: no connection within {secs} s"),
        Cause::NoHello(secs) => format!("takes the connection but did not answer HELLO within {secs} s"),
        Cause::NotFound(found) => format!("is not found: ports {} were tried; {found}", ports()),
        Cause::NotSpec(error) => format!("does not speak the protocol of a spec server: {error}"),
        Cause::Closed => "closed the connection".into(),
        Cause::Broken(error) => format!("is cut off: {error}"),
        Cause::Silent => "does not answer".into(),
        Cause::GivenUp(secs) => format!("did not answer for {secs} s, so the connection was given up"),
        Cause::Ended => "is cut off: the plugin's own connection has failed".into(),
    }
}

fn remedy(address: &Address, cause: &Cause) -> String {
    let host = &address.host;
    let start = match &address.place {
        Place::Port(port) => format!("Start spec on {host} with `spec -S {port}`"),
        Place::Name(name) => format!("Start {name} on {host} with the option `-S`"),
    };
    let what = match cause {
        Cause::Begins | Cause::Ended => String::new(),
        Cause::UnknownHost(_) => "Correct `at` of the session in the layout, or ask who runs the name server. ".into(),
        Cause::Refused | Cause::NotFound(_) | Cause::Closed => {
            format!("{start}, or correct `at` of the session in the layout. ")
        }
        Cause::NoConnection(_) => {
            format!("Check that {host} is switched on and can be reached (`ping {host}`), then its firewall. ")
        }
        Cause::NoHello(_) => format!(
            "Look at the terminal of spec on {host}: it may be paused (Ctrl-Z) or hang; or another program has this \
             port. "
        ),
        Cause::NotSpec(_) => "Another program may have this port: correct `at` of the session in the layout. ".into(),
        Cause::Broken(_) => format!("Check the network and that spec still runs on {host}. "),
        Cause::Silent => {
            return format!(
                "Look at the terminal of spec on {host}: it may be paused (Ctrl-Z), hang, or wait for a device that \
                 does not answer. Nothing was aborted; it goes on when spec does."
            );
        }
        Cause::GivenUp(_) => format!(
            "Look at the terminal of spec on {host}: it may be paused (Ctrl-Z) or hang; check that {host} is switched \
             on. "
        ),
    };
    format!("{what}It is tried again by itself, at least every second.")
}
