//! Bytes to text and back. Every part of the codec that meets a text comes here.

/// The text of bytes: UTF-8, or else Latin-1, in which any bytes are a text and none is lost. The protocol names no
/// encoding; spec is older than UTF-8, and the peers send it.
pub(crate) fn decode(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    }
}

/// The bytes before the first NUL; all of them when there is none.
pub(crate) fn until_nul(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    &bytes[..end]
}

/// The bytes without the one NUL at their end, if there is one.
pub(crate) fn without_nul(bytes: &[u8]) -> &[u8] {
    bytes.strip_suffix(&[0]).unwrap_or(bytes)
}

/// The text and its NUL, at the end of `bytes`.
pub(crate) fn push(bytes: &mut Vec<u8>, text: &str) {
    bytes.extend_from_slice(text.as_bytes());
    bytes.push(0);
}
