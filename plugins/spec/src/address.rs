//! Where a spec is: a host and its port, or a host and the name of the spec, which is looked for among spec's ports.
//! The session's config is one; the pool of connections goes by it. Nothing is looked up here.

use std::fmt;

use brickwork_spec_protocol::{DEFAULT_PORT, PORTS};

/// Where a spec is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Address {
    /// The name or number of its computer.
    pub host: String,
    /// What stands behind the colon.
    pub place: Place,
}

/// Which spec of a computer it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// The one at this port.
    Port(u16),
    /// The one of this name, at whichever of [`PORTS`].
    Name(String),
}

impl Address {
    /// Reads `host:port` or `host:specname`.
    ///
    /// # Errors
    /// Says what is missing and how it is written.
    pub fn parse(text: &str) -> Result<Self, String> {
        let how = "write `host:port`, or `host:specname` for the spec of this name";
        if text.is_empty() {
            return Err(format!("where spec is, is missing: {how}, such as `lid231:6510` or `lid231:eh1`"));
        }
        if let Some(odd) = text.chars().find(|c| c.is_whitespace() || c.is_control()) {
            return Err(format!("{text:?} has {odd:?} in it: {how}"));
        }
        let Some((host, place)) = text.rsplit_once(':').filter(|(_, place)| !place.is_empty()) else {
            let host = text.trim_end_matches(':');
            return Err(format!("{text:?} names no port and no spec: {how}; MXCuBE took `{host}:{DEFAULT_PORT}` then"));
        };
        if host.is_empty() {
            return Err(format!("{text:?} names no host: {how}; this computer is `localhost`"));
        }
        let place = match place.parse::<u16>() {
            Ok(0) => return Err(format!("{text:?} has port 0, which nobody can listen on: {how}")),
            Ok(port) => Place::Port(port),
            Err(_) if place.bytes().all(|byte| byte.is_ascii_digit()) => {
                return Err(format!("{text:?} has a port above 65535: {how}"));
            }
            Err(_) => Place::Name(place.to_owned()),
        };
        Ok(Self { host: host.trim_start_matches('[').trim_end_matches(']').to_owned(), place })
    }
}

/// As a person reads it: `lid231:6510`, or `"eh1" on lid231`.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::Port(port) => write!(f, "{}:{port}", self.host),
            Place::Name(name) => write!(f, "{name:?} on {}", self.host),
        }
    }
}

/// The ports of the search as a person reads them: `6510 to 6530`.
pub fn ports() -> String {
    format!("{} to {}", PORTS.start(), PORTS.end())
}

#[cfg(test)]
mod tests {
    use super::{Address, Place};

    #[test]
    fn a_number_behind_the_colon_is_a_port_and_a_word_is_a_name() {
        let place = |text: &str| Address::parse(text).map(|address| (address.host, address.place));
        assert_eq!(place("lid231:6510"), Ok(("lid231".into(), Place::Port(6510))));
        assert_eq!(place("lid231:eh1"), Ok(("lid231".into(), Place::Name("eh1".into()))));
        assert_eq!(place("[::1]:6789"), Ok(("::1".into(), Place::Port(6789))));
    }

    #[test]
    fn what_is_no_address_is_refused_with_how_it_is_written() {
        let cases = [
            ("", "is missing"),
            ("lid231", "names no port and no spec"),
            ("lid231:", "names no port and no spec"),
            (":eh1", "names no host"),
            ("lid231:0", "port 0"),
            ("lid231:70000", "above 65535"),
            ("lid231: eh1", "' ' in it"),
        ];
        for (text, why) in cases {
            let refusal = Address::parse(text).expect_err(text);
            assert!(refusal.contains(why) && refusal.contains("`host:port`"), "{text}: {refusal}");
        }
    }
}
