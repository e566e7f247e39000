//! What comes over the link and over the border to a plugin.

use std::io::Write as _;
use std::net::Shutdown;
use std::os::unix::net::UnixStream;

use brickwork_link::{LINK_PROTOCOL, Notice, NoticeLevel, ToEngine, ToShell, Update, split};
use brickwork_sdk::__abi::{decode, encode};
use brickwork_sdk::protocol::{Answer, Ask, ObjectRequest, PluginInfo, Post};
use brickwork_sdk::view::{Node, View, column, number_input, text};
use brickwork_sdk::{Value, from_value, to_value};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// More would wait in the socket for whoever reads it.
const MAX_STREAM: usize = 64 << 10;

fn bytes(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode(&to_value(value).expect("seeds are plain data"), &mut bytes);
    bytes
}

/// What is decoded and written is read as the same again.
pub(crate) fn value(data: &[u8]) {
    if let Ok(value) = decode(data) {
        let (mut once, mut twice) = (Vec::new(), Vec::new());
        encode(&value, &mut once);
        encode(&decode(&once).expect("it was just written"), &mut twice);
        assert_eq!(once, twice);
    }
}

pub(crate) fn value_seeds() -> Vec<Vec<u8>> {
    let list = Value::List(vec![Value::Null, true.into(), 7.into(), 0.5.into(), "text".into()].into());
    let nested = (0..20).fold(list.clone(), |inner, _| Value::map([("inner", inner)]));
    vec![bytes(&list), bytes(&nested), bytes(&vec![1.0, 2.0])]
}

/// Reads a stream of messages to its end.
fn messages<T: DeserializeOwned>(data: &[u8]) {
    let (mut ours, theirs) = UnixStream::pair().expect("the system has sockets");
    ours.write_all(&data[..data.len().min(MAX_STREAM)]).expect("it fits into the socket");
    ours.shutdown(Shutdown::Write).expect("the socket is ours");
    let (mut reader, _writer) = split(theirs).expect("the system has sockets");
    while reader.receive::<T>().is_ok() {}
}

fn stream(messages: &[impl Serialize]) -> Vec<u8> {
    let framed = messages.iter().map(bytes).map(|bytes| {
        let length = u32::try_from(bytes.len()).expect("seeds are small");
        [&length.to_le_bytes()[..], &bytes].concat()
    });
    framed.collect::<Vec<_>>().concat()
}

pub(crate) fn to_engine(data: &[u8]) {
    messages::<ToEngine>(data);
}

pub(crate) fn to_engine_seeds() -> Vec<Vec<u8>> {
    let hello = ToEngine::Hello { protocol: LINK_PROTOCOL, user: "opd29".into() };
    let subscribe = ToEngine::Subscribe { id: 1, object: "omega".into(), channel: "position".into() };
    let notice =
        ToEngine::Notice { level: NoticeLevel::Error, subject: "my-axis".into(), text: "it does not build".into() };
    let answer =
        ToEngine::Answer { object: "gripper".into(), question: "dry".into(), option: "yes".into(), given_ns: 9 };
    vec![stream(&[hello, subscribe, ToEngine::Abort { call: 3 }]), stream(&[notice, answer, ToEngine::AbortAll])]
}

pub(crate) fn to_shell(data: &[u8]) {
    messages::<ToShell>(data);
}

pub(crate) fn to_shell_seeds() -> Vec<Vec<u8>> {
    let update = Update { id: 1, value: 12.5.into(), quality: 0, sequence: 9, engine_ns: 7, source_time: 0.0 };
    let notice =
        Notice { level: NoticeLevel::Warning, subject: "omega".into(), text: "slow".into(), ..Notice::default() };
    let refused = ToShell::Refused { reason: "another protocol".into() };
    vec![stream(&[ToShell::Updates(vec![update]), ToShell::Notice(notice), refused])]
}

/// Everything that a plugin says or is told.
pub(crate) fn view(data: &[u8]) {
    let Ok(value) = decode(data) else { return };
    if let Ok(node) = from_value::<Node>(value.clone()) {
        let _ = (node.problems(), node.walk().count());
    }
    let _ = from_value::<Answer>(value.clone());
    let _ = from_value::<Ask>(value.clone());
    let _ = from_value::<Post>(value.clone());
    let _ = from_value::<ObjectRequest>(value.clone());
    let _ = from_value::<PluginInfo>(value);
}

pub(crate) fn view_seeds() -> Vec<Vec<u8>> {
    let view: View<u8> = column([text("Omega"), number_input("target", "Move to", 0.0)]);
    vec![bytes(&view.into_node()), bytes(&Ask::View), bytes(&Post::Live), bytes(&ObjectRequest::Stop)]
}
