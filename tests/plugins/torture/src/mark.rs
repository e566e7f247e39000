//! How this build is to misbehave, written in its file.

/// A test writes other letters behind the first colon: a word for what goes wrong, and a number that makes the
/// content another.
#[used]
static MARK: [u8; 36] = *b"brickwork-torture-mark:fine....:0000";

/// The word and the number.
fn letters() -> (String, String) {
    let mark = String::from_utf8_lossy(std::hint::black_box(&MARK)).into_owned();
    let mut parts = mark.split(':').skip(1).map(|part| part.trim_end_matches('.').to_owned());
    (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
}

/// Whether this is what goes wrong.
pub fn fails(what: &str) -> bool {
    letters().0 == what
}

/// Panics if this is what goes wrong.
pub fn may_panic(what: &str) {
    if fails(what) {
        panic!("the mark says that `{what}` panics");
    }
}

/// Does not return if this is what goes wrong, as a driver does that waits for an answer which never comes.
pub fn may_hang(what: &str) {
    while fails(what) {
        std::thread::sleep(std::time::Duration::from_secs(3600));
    }
}

/// The name of a state's shape: another one, if this build has another shape.
pub fn schema(name: &str) -> String {
    format!("{name} {}", if fails("shape") { 2 } else { 1 })
}

/// The number of this build.
pub fn number() -> String {
    letters().1
}
