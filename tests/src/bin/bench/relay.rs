//! Stands between a camera and Brickwork: passes every byte on at once and notes when the last byte of
//! each picture has been handed to Brickwork's socket.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use brickwork_mjpeg::Stream;

use crate::Outcome;

/// How long the camera may take to start.
const START_LIMIT: Duration = Duration::from_secs(10);

/// One picture that has passed.
pub struct Passed {
    /// When its last byte had been written.
    pub at: Instant,
    /// The picture itself.
    pub jpeg: Vec<u8>,
}

/// A relay for one client.
pub struct Relay {
    /// Where Brickwork finds the camera.
    pub port: u16,
    /// What has passed, in order.
    pub passed: Receiver<Passed>,
}

impl Relay {
    /// Listens for one client and connects it with the camera at `camera_port`.
    pub fn start(camera_port: u16) -> Outcome<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        let (sender, passed) = channel();
        std::thread::Builder::new().name("relay".into()).spawn(move || {
            // The bench may end first: then it needs no more pictures.
            let _ = relay(&listener, camera_port, &sender);
        })?;
        Ok(Self { port, passed })
    }
}

fn relay(listener: &TcpListener, camera_port: u16, passed: &Sender<Passed>) -> Outcome {
    let (mut client, _) = listener.accept()?;
    client.set_nodelay(true)?;
    let mut camera = connect(camera_port)?;
    let mut bytes = vec![0; 1 << 16];
    let request = client.read(&mut bytes)?;
    camera.write_all(&bytes[..request])?;
    let mut pictures = Stream::new();
    loop {
        let count = camera.read(&mut bytes)?;
        if count == 0 {
            return Ok(());
        }
        client.write_all(&bytes[..count])?;
        let at = Instant::now();
        let mut input = &bytes[..count];
        while let Some(picture) = pictures.push(&mut input)? {
            passed.send(Passed { at, jpeg: picture.data })?;
        }
    }
}

fn connect(port: u16) -> Outcome<TcpStream> {
    let begun = Instant::now();
    loop {
        match TcpStream::connect((Ipv4Addr::LOCALHOST, port)) {
            Ok(stream) => return Ok(stream),
            Err(error) if begun.elapsed() > START_LIMIT => return Err(error.into()),
            Err(_) => std::thread::sleep(Duration::from_millis(50)),
        }
    }
}
