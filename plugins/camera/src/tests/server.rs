//! A small MJPEG server on a thread of its own, and pictures made by hand for it.

use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// A server that answers one client after the other; dropped, it is gone with all its sockets.
pub struct Server {
    pub port: u16,
    requests: Arc<Mutex<Vec<String>>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// A client whose request has been read.
pub struct Client {
    pub request: String,
    socket: TcpStream,
    requests: Arc<Mutex<Vec<String>>>,
    stop: Arc<AtomicBool>,
}

/// A port that nobody listens on.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("the loopback device has a free port");
    listener.local_addr().expect("it is bound").port()
}

impl Server {
    /// Answers every client with `answer`; the connection closes behind it.
    pub fn start(answer: impl FnMut(&mut Client) + Send + 'static) -> Self {
        Self::start_at(0, answer)
    }

    pub fn start_at(port: u16, mut answer: impl FnMut(&mut Client) + Send + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).expect("the port is free");
        let port = listener.local_addr().expect("it is bound").port();
        let (stop, requests) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Vec::new())));
        let (stopped, asked) = (stop.clone(), requests.clone());
        let thread = std::thread::spawn(move || {
            for socket in listener.incoming() {
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
                let socket = socket.expect("a client was accepted");
                let mut client = Client::new(socket, asked.clone(), stopped.clone());
                client.next_request();
                answer(&mut client);
            }
        });
        Self { port, requests, stop, thread: Some(thread) }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/stream", self.port)
    }

    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("no test panics with it").clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // Wakes the thread if it waits for a client.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
        if let Some(thread) = self.thread.take() {
            thread.join().expect("the server does not panic");
        }
    }
}

impl Client {
    fn new(socket: TcpStream, requests: Arc<Mutex<Vec<String>>>, stop: Arc<AtomicBool>) -> Self {
        socket.set_read_timeout(Some(Duration::from_millis(10))).expect("a socket has time limits");
        socket.set_write_timeout(Some(Duration::from_millis(100))).expect("a socket has time limits");
        Self { request: String::new(), socket, requests, stop }
    }

    /// Waits for a request on this connection; false when the client has gone or the server is to stop.
    pub fn next_request(&mut self) -> bool {
        let (mut request, mut byte) = (Vec::new(), [0]);
        while !request.ends_with(b"\r\n\r\n") && !self.stop.load(Ordering::SeqCst) {
            match self.socket.read(&mut byte) {
                Ok(0) => break,
                Ok(_) => request.push(byte[0]),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(_) => break,
            }
        }
        if request.is_empty() {
            return false;
        }
        self.request = String::from_utf8_lossy(&request).into_owned();
        self.requests.lock().expect("no test panics with it").push(self.request.clone());
        true
    }

    /// Whether the client has said nothing since its request, for a while.
    pub fn is_silent(&mut self) -> bool {
        matches!(self.socket.read(&mut [0]), Err(error) if error.kind() == ErrorKind::WouldBlock)
    }

    /// Answers with one picture and leaves the connection open.
    pub fn still(&mut self, width: u16) -> bool {
        self.send(&still(width))
    }

    /// Sends all of it; false when the client has gone or the server is to stop.
    pub fn send(&mut self, mut bytes: &[u8]) -> bool {
        while !bytes.is_empty() && !self.stop.load(Ordering::SeqCst) {
            match self.socket.write(bytes) {
                Ok(count) => bytes = &bytes[count..],
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(_) => return false,
            }
        }
        bytes.is_empty()
    }

    /// Sends all of it, whether or not the client still listens.
    pub fn say(&mut self, bytes: &[u8]) {
        self.send(bytes);
    }

    /// Sends nothing more until the client has gone or the server is to stop.
    pub fn hold(&mut self) {
        while !self.stop.load(Ordering::SeqCst) {
            match self.socket.read(&mut [0]) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Ok(count) if count > 0 => {}
                _ => return,
            }
        }
    }

    /// Sends pictures of this width at 50 Hz.
    pub fn stream(&mut self, width: u16) {
        let mut good = self.send(&head());
        while good {
            good = self.send(&part(&jpeg(width, 48)));
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// An even grey picture: each block is one bit for its brightness and one for its end.
pub fn jpeg(width: u16, height: u16) -> Vec<u8> {
    let (w, h) = (width.to_be_bytes(), height.to_be_bytes());
    let table = |class: u8| [&[class, 1][..], &[0; 16]].concat();
    let mut data = vec![0xff, 0xd8, 0xff, 0xdb, 0, 67, 0];
    data.extend([1; 64]);
    data.extend([&[0xff, 0xc4, 0, 38][..], &table(0x00), &table(0x10)].concat());
    data.extend([0xff, 0xc0, 0, 11, 8, h[0], h[1], w[0], w[1], 1, 1, 0x11, 0]);
    data.extend([0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0]);
    let bits = usize::from(width.div_ceil(8)) * usize::from(height.div_ceil(8)) * 2;
    data.extend(vec![0; bits / 8]);
    data.extend((bits % 8 > 0).then_some(0xff >> (bits % 8)));
    data.extend([0xff, 0xd9]);
    data
}

/// A whole answer with one picture.
pub fn still(width: u16) -> Vec<u8> {
    let jpeg = jpeg(width, 48);
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: {}\r\n\r\n", jpeg.len());
    [head.as_bytes(), &jpeg].concat()
}

/// The head of a stream.
pub fn head() -> Vec<u8> {
    b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=b\r\n\r\n".to_vec()
}

/// One picture of a stream.
pub fn part(jpeg: &[u8]) -> Vec<u8> {
    let head = format!("--b\r\nContent-Type: image/jpeg\r\nContent-Length: {}\r\n\r\n", jpeg.len());
    [head.as_bytes(), jpeg, b"\r\n"].concat()
}
