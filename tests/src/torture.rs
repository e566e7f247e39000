//! The plugin `torture` as many builds, made without a compiler: the mark in its file is written over.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use brickwork_sdk::Value;
use brickwork_sdk::protocol::Outcome;
use brickwork_sdk::status::Link;

use crate::engine::EngineClient;
use crate::headless::Headless;
use crate::programs::built;
use crate::{PATIENCE, poll};

/// The plugin's Cargo name.
pub const PLUGIN: &str = "brickwork-torture";
/// Its name in the watched folder.
pub const FILE: &str = "libtorture.so";
/// An object and a brick of it.
pub const LAYOUT: &str = r#"Beamline(
    format: 1,
    name: "TORTURE",
    objects: {"one": (kind: "torture.counter")},
    windows: [Window("Torture", Brick("torture.panel"))],
)"#;

const MARK: &[u8] = b"brickwork-torture-mark:";
const PROTOCOL_MARK: &[u8] = b"BRICKWORK-PROTOCOL:\0";

/// The built file, and where its two marks end.
static BUILT: LazyLock<(Vec<u8>, usize, usize)> = LazyLock::new(|| {
    let bytes = without_debug_information(&built("libbrickwork_torture.so"));
    let end_of = |mark: &[u8]| {
        let mut places = bytes.windows(mark.len()).enumerate().filter(|(_, window)| *window == mark);
        let at = places.next().map(|(at, _)| at + mark.len()).expect("the plugin has its marks");
        assert!(places.next().is_none(), "one mark only, else it is not known which counts");
        at
    };
    let (mark, protocol) = (end_of(MARK), end_of(PROTOCOL_MARK));
    (bytes, mark, protocol)
});

/// What a loaded library's file takes of the disk it takes until the process ends: hundreds of them should be small.
fn without_debug_information(library: &Path) -> Vec<u8> {
    let folder = crate::folder::Folder::new();
    let stripped = folder.path().join("stripped.so");
    let strip = Command::new("strip").arg("--strip-debug").arg("-o").arg(&stripped).arg(library).status();
    assert!(strip.is_ok_and(|status| status.success()), "binutils come with the linker");
    std::fs::read(&stripped).expect("it was just written")
}

/// A build of the plugin that fails as `word` says; `number` makes it another one.
pub fn build(word: &str, number: usize) -> Vec<u8> {
    let mut bytes = BUILT.0.clone();
    let letters = format!("{word:.<8}:{number:04}");
    bytes[BUILT.1..][..letters.len()].copy_from_slice(letters.as_bytes());
    bytes
}

/// A build that says another protocol.
pub fn of_protocol(protocol: u32) -> Vec<u8> {
    let mut bytes = build("fine", 1);
    bytes[BUILT.2..][..4].copy_from_slice(&protocol.to_le_bytes());
    bytes
}

/// An engine with a good build of the plugin, whose object is live.
pub fn start() -> Headless {
    let folder = crate::folder::Folder::new();
    std::fs::write(folder.plugins().join(FILE), build("fine", 0)).expect("the folder is ours");
    let headless = Headless::start_in(folder, LAYOUT, &[]);
    live(&headless.engine);
    headless
}

/// Puts a build into the watched folder in one step.
pub fn put(headless: &Headless, bytes: &[u8]) -> PathBuf {
    let (part, whole) = (headless.plugin("part"), headless.plugin(FILE));
    std::fs::write(&part, bytes).expect("the folder is ours");
    std::fs::rename(part, &whole).expect("the folder is ours");
    whole
}

/// Waits until the object is live.
pub fn live(engine: &EngineClient) {
    let live = poll(PATIENCE, || (engine.status("one").link == Link::Live).then_some(()));
    assert!(live.is_some(), "it is not live: {:?}", engine.status("one"));
}

/// Has the object count; the answer is what it has counted so far.
pub fn bump(engine: &EngineClient) -> Option<i64> {
    let call = engine.call_on("one", "torture", "bump", Value::map::<&str>([]));
    match engine.end_of(call) {
        Outcome::Finished(Value::Int(count)) => Some(count),
        _ => None,
    }
}

/// Gives the object a command of its own interface; it is not waited for.
pub fn tell(engine: &EngineClient, command: &str) -> u64 {
    engine.call_on("one", "torture", command, Value::map::<&str>([]))
}

/// Waits for a notice of the plugin's file that `is_it`, and answers its text.
pub fn notice(engine: &EngineClient, is_it: impl Fn(&str) -> bool) -> String {
    let found = poll(PATIENCE, || engine.notice_about(FILE).map(|notice| notice.text).filter(|text| is_it(text)));
    found.unwrap_or_else(|| panic!("no such notice; there is {:?}", engine.notices()))
}

/// What every refusal owes to a person.
pub fn is_helpful(text: &str, file: &Path) {
    assert!(text.lines().count() <= 10, "too long:\n{text}");
    assert!(text.len() < 1500, "too long:\n{text}");
    for said in [PLUGIN, &file.display().to_string(), "eneration 1 goes on", "uild"] {
        assert!(text.contains(said), "{said:?} is not said:\n{text}");
    }
}
