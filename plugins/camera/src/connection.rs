//! One connection to a camera's server: a request goes out, the newest picture of what has come
//! in is handed over. A visit makes one, and a new one where the camera does not keep it. It keeps no
//! queue, and nothing of it outlives its drop.

use std::io;
use std::time::Duration;

use brickwork_mjpeg::{CameraUrl, Flaw, Jpeg, LoginError, RequestError, Stream, StreamError};
use brickwork_sdk::Clock;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpStream, lookup_host};

/// How much is read at once.
const READ_BYTES: usize = 256 * 1024;

/// So much is taken before the newest picture is handed over although more waits: more than a
/// kernel buffers, so that an old picture never lingers, yet a flood starves nobody.
const DRAIN_BYTES: usize = 8 * 1024 * 1024;

/// Pictures that came and were not shown.
#[derive(Debug, Default)]
pub struct Damaged {
    /// How many.
    pub count: u64,
    /// Why the last one could not be shown, where it was more than damage.
    pub flaw: Option<Flaw>,
}

impl std::fmt::Display for Damaged {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.count, &self.flaw) {
            (0, _) => Ok(()),
            (count, Some(flaw)) => write!(f, " that can be shown ({count} came: {flaw})"),
            (1, None) => f.write_str(" (one damaged picture was skipped)"),
            (count, None) => write!(f, " ({count} damaged pictures were skipped)"),
        }
    }
}

/// Why a connection yields no more pictures; each says what to do where that is known.
#[derive(Debug, thiserror::Error)]
pub enum ConnectionError {
    /// The name has no address.
    #[error("the host name is not known ({0}): correct `url`, or ask who runs the name server")]
    UnknownHost(io::Error),
    /// Nobody listens.
    #[error("connection refused: start the camera's server, or correct `url`")]
    Refused,
    /// Nobody answers.
    #[error("no connection within {} s: check the camera's power and network, and `url`", .0.as_secs_f64())]
    NoConnection(Duration),
    /// It is connected and sends no picture.
    #[error("connected, but no picture{damaged} within {} s: check that `url` leads to an MJPEG stream or a JPEG still", .limit.as_secs_f64())]
    NoPicture {
        /// How long was waited.
        limit: Duration,
        /// Pictures that came and were not shown.
        damaged: Damaged,
    },
    /// It sent pictures and stopped.
    #[error("no picture{damaged} for {} s: where the camera is as slow as that, set a longer `{setting}`", .limit.as_secs_f64())]
    Stale {
        /// How long was waited.
        limit: Duration,
        /// The field of the config that says so.
        setting: &'static str,
        /// Pictures that came and were not shown.
        damaged: Damaged,
    },
    /// A good end of a stream that should have none.
    #[error("the camera's server ended the stream")]
    Ended,
    /// What was sent makes no sense, or is a refusal.
    #[error(transparent)]
    Stream(#[from] StreamError),
    /// The camera wants a login and does not get a right one.
    #[error(transparent)]
    Login(#[from] LoginError),
    /// The login cannot be written into a request.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The network.
    #[error("the connection broke: {0}")]
    Broken(#[from] io::Error),
}

/// The newest picture, and how many arrived since the last one was handed over.
pub struct Newest {
    /// The picture.
    pub jpeg: Jpeg,
    /// At least 1: the picture itself counts.
    pub arrived: u64,
}

/// A connection on which a request has been sent.
pub struct Connection {
    socket: TcpStream,
    stream: Stream,
    buffer: Vec<u8>,
    pictures: u64,
    end: Option<io::Result<()>>,
    /// It carried an answer before this one.
    is_old: bool,
}

impl Connection {
    /// Connects within `limit` (the look-up of the name has the same once more) and sends `request`.
    pub async fn open(url: &CameraUrl, request: &[u8], clock: Clock, limit: Duration) -> Result<Self, ConnectionError> {
        let mut connection = Self::over(dial(url, clock, limit).await?);
        connection.send(request, clock, limit).await?;
        Ok(connection)
    }

    /// Reads the answer from a socket on which the request was sent.
    pub fn over(socket: TcpStream) -> Self {
        let buffer = vec![0; READ_BYTES];
        Self { socket, stream: Stream::new(), buffer, pictures: 0, end: None, is_old: false }
    }

    async fn send(&mut self, request: &[u8], clock: Clock, limit: Duration) -> Result<(), ConnectionError> {
        let sent = clock.limit(limit, self.socket.write_all(request)).await;
        Ok(sent.map_err(|_| ConnectionError::NoConnection(limit))??)
    }

    /// Sends another request; see [`is_reusable`](Self::is_reusable).
    pub async fn ask_again(&mut self, request: &[u8], clock: Clock, limit: Duration) -> Result<(), ConnectionError> {
        (self.stream, self.pictures, self.end, self.is_old) = (Stream::new(), 0, None, true);
        self.send(request, clock, limit).await
    }

    /// The answer is over, and the server takes another request here.
    pub fn is_reusable(&self) -> bool {
        // A server that closed it meanwhile, or sends what nobody asked for, has something to read.
        let is_silent = || matches!(self.socket.try_read(&mut [0]), Err(e) if e.kind() == io::ErrorKind::WouldBlock);
        self.stream.is_reusable() && is_silent()
    }

    /// The server closed it between two answers, as it may at any time.
    pub fn is_forgotten(&self) -> bool {
        self.is_old && self.stream.is_untouched()
    }

    /// Waits until there is a picture and gives the newest. `None`: the answer was one still, which
    /// has been given before. May be dropped at any await without losing bytes.
    pub async fn newest(&mut self) -> Result<Option<Newest>, ConnectionError> {
        loop {
            if let Some(end) = self.end.take() {
                end?;
                self.stream.finish()?;
                return if self.pictures == 1 { Ok(None) } else { Err(ConnectionError::Ended) };
            }
            self.socket.readable().await?;
            let before = self.pictures;
            let (jpeg, drained) = self.drain();
            if !drained {
                tokio::task::yield_now().await;
            }
            if let Some(jpeg) = jpeg {
                return Ok(Some(Newest { jpeg, arrived: self.pictures - before }));
            }
        }
    }

    /// Which pictures were skipped.
    pub fn damaged(&self) -> Damaged {
        Damaged { count: self.stream.damaged_frames(), flaw: self.stream.flaw().cloned() }
    }

    /// Takes what has arrived; says whether that was all. An end is noted for the next call, so
    /// that the picture before it is still shown.
    fn drain(&mut self) -> (Option<Jpeg>, bool) {
        let mut newest = None;
        let mut taken = 0;
        while taken < DRAIN_BYTES && self.end.is_none() {
            match self.socket.try_read(&mut self.buffer) {
                Ok(0) => self.end = Some(Ok(())),
                Ok(count) => {
                    taken += count;
                    self.parse(count, &mut newest);
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return (newest, true),
                Err(error) => self.end = Some(Err(error)),
            }
        }
        (newest, self.end.is_some())
    }

    fn parse(&mut self, count: usize, newest: &mut Option<Jpeg>) {
        let mut input = &self.buffer[..count];
        loop {
            match self.stream.push(&mut input) {
                Ok(Some(jpeg)) => {
                    self.pictures += 1;
                    *newest = Some(jpeg);
                }
                Ok(None) if self.stream.is_over() => return self.end = Some(Ok(())),
                Ok(None) => return,
                // `finish` says it again.
                Err(_) => return self.end = Some(Ok(())),
            }
        }
    }
}

/// Tries each address of the host for its share of the time: one that swallows everything must
/// not hide the next.
async fn dial(url: &CameraUrl, clock: Clock, limit: Duration) -> Result<TcpStream, ConnectionError> {
    let found = clock.limit(limit, lookup_host((url.host(), url.port()))).await;
    let found = found.map_err(|_| ConnectionError::NoConnection(limit))?;
    let addresses: Vec<_> = found.map_err(ConnectionError::UnknownHost)?.collect();
    let share = limit / addresses.len().max(1) as u32;
    let mut last = ConnectionError::NoConnection(limit);
    for address in addresses {
        match clock.limit(share, TcpStream::connect(address)).await {
            Ok(Ok(socket)) => return Ok(socket),
            Ok(Err(error)) if error.kind() == io::ErrorKind::ConnectionRefused => last = ConnectionError::Refused,
            Ok(Err(error)) => last = ConnectionError::Broken(error),
            Err(_) => last = ConnectionError::NoConnection(limit),
        }
    }
    Err(last)
}
