//! The address of a camera and the request that is sent to it. The plugin parses the address from
//! its config once and asks for the request at every connection. An address that parsed can never
//! smuggle a second header or a password into the request.

use std::net::Ipv6Addr;

const DEFAULT_PORT: u16 = 80;

/// Where a camera is: `http://host:port/path?query`, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CameraUrl {
    host: String,
    port: u16,
    path: String,
}

/// Why an address is not one that a camera can be reached at. The messages never repeat a
/// password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UrlError {
    /// There is nothing, or a host alone.
    #[error("the address must begin with http://, as in http://camera/mjpg/video.mjpg")]
    NoScheme,
    /// The address asks for encryption.
    #[error("https is not supported: use the camera's http:// address")]
    Https,
    /// The address names another protocol, such as `rtsp`.
    #[error("{0}:// is not supported: only http:// addresses of MJPEG streams or JPEG stills are")]
    OtherScheme(String),
    /// A user or password stands before the host.
    #[error("the address must not hold a user or password: put the password in a file")]
    Credentials,
    /// Nothing stands between `http://` and the path.
    #[error("the address names no host")]
    NoHost,
    /// The host is not a name or an address.
    #[error("`{0}` is not a host name or an IP address")]
    BadHost(String),
    /// An IPv6 address without brackets, where the port cannot be told apart.
    #[error("an IPv6 address must stand in brackets, as in http://[::1]:8080/")]
    BareIpv6,
    /// The port is not a number from 1 to 65535.
    #[error("`{0}` is not a port: a number from 1 to 65535 is needed")]
    BadPort(String),
    /// The address holds a character that may not be sent as it is.
    #[error("the address holds {0:?}, which must be written as a percent escape such as %20")]
    BadCharacter(char),
}

/// Why a request cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// The authorization would break out of its header line.
    #[error("the authorization holds a line break or another character that a header cannot carry")]
    BadAuthorization,
}

impl CameraUrl {
    /// Parse `http://host[:port][/path][?query]`. A fragment (`#…`) is left out, as it is never
    /// sent.
    ///
    /// # Errors
    /// A sentence for the person who wrote the address.
    pub fn parse(url: &str) -> Result<Self, UrlError> {
        let url = url.trim();
        let (scheme, rest) = url.split_once("://").ok_or(UrlError::NoScheme)?;
        match scheme.to_ascii_lowercase().as_str() {
            "http" => {}
            "https" => return Err(UrlError::Https),
            other if is_scheme(other) => return Err(UrlError::OtherScheme(other.to_owned())),
            _ => return Err(UrlError::NoScheme),
        }
        let rest = rest.split('#').next().unwrap_or_default();
        let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        if authority.contains('@') {
            return Err(UrlError::Credentials);
        }
        if let Some(bad) = rest.chars().find(|c| !c.is_ascii_graphic()) {
            return Err(UrlError::BadCharacter(bad));
        }
        let (host, port) = split_authority(authority)?;
        let slash = if path.starts_with('/') { "" } else { "/" };
        Ok(Self { host: host.to_owned(), port, path: format!("{slash}{path}") })
    }

    /// The host to connect to; an IPv6 address comes without its brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port to connect to.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The path with its query; it begins with `/`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The bytes of the GET request. `authorization` is the whole value of that header, from
    /// [`Login::authorization`](crate::Login::authorization).
    ///
    /// # Errors
    /// If `authorization` holds anything but printable ASCII characters and spaces.
    pub fn request(&self, authorization: Option<&str>, afterwards: Afterwards) -> Result<Vec<u8>, RequestError> {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        let port = if self.port == DEFAULT_PORT { String::new() } else { format!(":{}", self.port) };
        let authorization = match authorization {
            None => String::new(),
            Some(value) if value.bytes().all(|b| b == b' ' || b.is_ascii_graphic()) => {
                format!("Authorization: {value}\r\n")
            }
            Some(_) => return Err(RequestError::BadAuthorization),
        };
        let connection = match afterwards {
            Afterwards::Close => "close",
            Afterwards::KeepOpen => "keep-alive",
        };
        Ok(format!(
            "GET {path} HTTP/1.1\r\n\
             Host: {host}{port}\r\n\
             User-Agent: brickwork\r\n\
             Accept: multipart/x-mixed-replace, image/jpeg, */*\r\n\
             Cache-Control: no-cache\r\n\
             {authorization}\
             Connection: {connection}\r\n\r\n",
            path = self.path,
        )
        .into_bytes())
    }
}

/// What is asked of the connection when the answer is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Afterwards {
    /// It ends with the answer, as for a stream.
    Close,
    /// It may carry the next request, as for stills; see [`Stream::is_reusable`](crate::Stream::is_reusable).
    KeepOpen,
}

fn is_scheme(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
}

fn split_authority(authority: &str) -> Result<(&str, u16), UrlError> {
    let bad_host = || UrlError::BadHost(authority.to_owned());
    let (host, port) = if let Some(rest) = authority.strip_prefix('[') {
        let (host, after) = rest.split_once(']').ok_or_else(bad_host)?;
        host.parse::<Ipv6Addr>().map_err(|_| bad_host())?;
        match after {
            "" => (host, None),
            _ => (host, Some(after.strip_prefix(':').ok_or_else(bad_host)?)),
        }
    } else {
        match authority.split_once(':') {
            Some((_, port)) if port.contains(':') => return Err(UrlError::BareIpv6),
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        }
    };
    if host.is_empty() {
        return Err(UrlError::NoHost);
    }
    if !host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_:".contains(&b)) {
        return Err(bad_host());
    }
    let port = match port {
        None => DEFAULT_PORT,
        // `u16::from_str` takes a leading plus sign, which is no port.
        Some(text) => match text.parse() {
            Ok(port) if port > 0 && !text.starts_with('+') => port,
            _ => return Err(UrlError::BadPort(text.to_owned())),
        },
    };
    Ok((host, port))
}
