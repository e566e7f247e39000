//! How this build is to misbehave, written in its file.

use rustix::process::{Signal, getpid, kill_process};

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

/// Panics if this is what goes wrong; or ends the process, if a sign before the word says so: `!` aborts, `?` exits,
/// `*` is a segmentation fault.
pub fn may_panic(what: &str) {
    if fails(what) {
        panic!("the mark says that `{what}` panics");
    }
    for (sign, end) in [('!', std::process::abort as fn() -> !), ('?', leave), ('*', segmentation_fault)] {
        if letters().0.strip_prefix(sign) == Some(what) {
            end();
        }
    }
}

fn leave() -> ! {
    std::process::exit(3)
}

/// As the system reports it: plugins have no `unsafe` with which they could have a real one.
fn segmentation_fault() -> ! {
    loop {
        // The first is taken by the handler that Rust installs against overflowing stacks.
        let _ = kill_process(getpid(), Signal::SEGV);
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
