//! A camera that is not ours: ffmpeg as an MJPEG server. It serves one client and then ends.

use std::net::{Ipv4Addr, TcpListener};
use std::process::{Command, Stdio};

use crate::programs::Program;

/// A port of this machine that nobody has now.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("this machine has a free port");
    listener.local_addr().expect("a bound socket has an address").port()
}

/// Serves a moving picture at `http://127.0.0.1:PORT/stream` until it is dropped.
pub fn serve(port: u16) -> Program {
    let mut command = Command::new("ffmpeg");
    command.args(["-loglevel", "error", "-re", "-f", "lavfi", "-i", "testsrc2=size=640x512:rate=25"]);
    command.args(["-c:v", "mjpeg", "-q:v", "5", "-huffman", "default", "-f", "mpjpeg"]);
    command.args(["-content_type", "multipart/x-mixed-replace;boundary=ffmpeg", "-listen", "1"]);
    command.arg(format!("http://127.0.0.1:{port}/stream"));
    Program::start(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()))
}
