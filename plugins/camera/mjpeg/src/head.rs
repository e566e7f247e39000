//! The head of an HTTP answer: status line and headers. `Stream` hands the whole head over once
//! it is there; what comes out is how to read the body, or why there is nothing to read.

use httparse::{EMPTY_HEADER, Header, ParserConfig, Response};

use crate::body::Body;
use crate::stream::StreamError;

const MAX_HEADERS: usize = 96;

/// What a head says about its body.
#[derive(Debug)]
pub(crate) struct Head {
    pub(crate) body: Body,
    /// As declared, without quotes.
    pub(crate) boundary: Option<Vec<u8>>,
    /// Empty if the camera declares none.
    pub(crate) content_type: String,
    /// The camera takes another request behind this answer.
    pub(crate) keeps_open: bool,
}

/// The end of the head in `bytes`: the byte after its empty line. Looks from `from` on.
pub(crate) fn end_of_head(bytes: &[u8], from: usize) -> Option<usize> {
    memchr::memchr_iter(b'\n', &bytes[from..])
        .map(|at| from + at)
        .find(|at| bytes[..*at].ends_with(b"\n") || bytes[..*at].ends_with(b"\n\r"))
        .map(|at| at + 1)
}

impl Head {
    /// Parse a whole head.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, StreamError> {
        let mut headers = [EMPTY_HEADER; MAX_HEADERS];
        let mut response = Response::new(&mut headers);
        let status = ParserConfig::default()
            .allow_spaces_after_header_name_in_responses(true)
            .allow_obsolete_multiline_headers_in_responses(true)
            .ignore_invalid_headers_in_responses(true)
            .parse_response(&mut response, bytes)
            .map_err(|error| StreamError::NotHttp(error.to_string()))?;
        let (true, Some(code)) = (status.is_complete(), response.code) else {
            return Err(StreamError::NotHttp("the head is not complete".to_owned()));
        };
        let header = |name: &str| {
            let found = response.headers.iter().find(|h| h.name.eq_ignore_ascii_case(name));
            found.map(|header| String::from_utf8_lossy(header.value).trim().to_owned())
        };
        let reason = response.reason.unwrap_or_default().trim().to_owned();
        match code {
            200 => {}
            401 => return Err(StreamError::Unauthorized { challenge: challenges(response.headers) }),
            300..=399 => {
                let location = header("location").unwrap_or_else(|| "nowhere".to_owned());
                return Err(StreamError::Redirect { code, location });
            }
            _ => return Err(StreamError::Status { code, reason }),
        }
        let content_type = header("content-type").unwrap_or_default();
        let lower = content_type.to_ascii_lowercase();
        if lower.starts_with("text/html") || lower.starts_with("application/json") {
            return Err(StreamError::NotPictures { content_type });
        }
        let chunked = header("transfer-encoding").is_some_and(|v| v.to_ascii_lowercase().contains("chunked"));
        let length = header("content-length").and_then(|value| value.parse().ok());
        let body = match length {
            _ if chunked => Body::chunked(),
            // A stream has no end, so a length that some camera declares for it means nothing.
            Some(length) if !lower.starts_with("multipart/") => Body::Length { left: length },
            _ => Body::UntilClose,
        };
        let keeps_open = keeps_open(response.version, header("connection"));
        Ok(Self { body, boundary: boundary(&content_type), content_type, keeps_open })
    }
}

/// What a camera asks for may stand in several headers; together they are one list (RFC 9110, section 11.6.1).
fn challenges(headers: &[Header<'_>]) -> Option<String> {
    let headers = headers.iter().filter(|header| header.name.eq_ignore_ascii_case("www-authenticate"));
    let challenges: Vec<_> = headers.map(|header| String::from_utf8_lossy(header.value).trim().to_owned()).collect();
    (!challenges.is_empty()).then(|| challenges.join(", "))
}

/// HTTP/1.1 keeps a connection open unless it says otherwise, HTTP/1.0 closes it (RFC 9112, section 9.3).
fn keeps_open(minor_version: Option<u8>, connection: Option<String>) -> bool {
    let connection = connection.unwrap_or_default().to_ascii_lowercase();
    let mut options = connection.split(',').map(str::trim);
    match minor_version {
        Some(0) => options.any(|option| option == "keep-alive"),
        _ => !options.any(|option| option == "close"),
    }
}

/// The boundary parameter of a Content-Type, quoted or not.
fn boundary(content_type: &str) -> Option<Vec<u8>> {
    const NAME: &str = "boundary=";
    let at = content_type.to_ascii_lowercase().find(NAME)? + NAME.len();
    let value = &content_type[at..];
    let value = match value.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => value.split([';', ' ', '\t', ',']).next(),
    };
    value.map(|value| value.as_bytes().to_vec())
}
