//! Where an engine listens for shells. It looks after its socket's file: a logout, or whoever tidies up, removes it, and
//! then it is made again.

use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::lock::DYING;
use crate::place::{Place, PlaceError, io_error, private_folder};

/// How often the file is looked for, and whether all is over.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// A socket that shells connect to. Dropping it leaves the place.
#[derive(Debug)]
pub struct Door {
    place: Place,
    listener: UnixListener,
    file: (u64, u64),
    is_lost: bool,
}

impl Door {
    /// Listens at a place. Only who has the [`Lock`](crate::Lock) of its layout may ask for it.
    ///
    /// # Errors
    /// When an engine answers there that has lost its layout's file, or the socket cannot be made.
    pub fn open(place: &Place) -> Result<Self, PlaceError> {
        // One that was killed a moment ago still takes connections until the system has cleared it away.
        let begun = Instant::now();
        while UnixStream::connect(place.socket()).is_ok() {
            if begun.elapsed() > DYING {
                let socket = place.socket().display();
                let what = format!(
                    "an engine that was started on another file of that name answers at {socket}. `brickwork stop {}` ends it",
                    place.layout().display()
                );
                return Err(PlaceError::Taken { layout: place.layout().into(), what });
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let (listener, file) = bind(place.socket())?;
        Ok(Self { place: place.clone(), listener, file, is_lost: false })
    }

    /// Who connects, until `is_over`, which is asked a few times a second.
    pub fn incoming(&mut self, is_over: impl Fn() -> bool) -> impl Iterator<Item = io::Result<UnixStream>> {
        let mut looked = Instant::now();
        std::iter::from_fn(move || {
            loop {
                if is_over() {
                    return None;
                }
                if looked.elapsed() > LOOK_EVERY {
                    looked = Instant::now();
                    self.look_after();
                }
                if !self.has_one() {
                    continue;
                }
                match self.listener.accept() {
                    // It has gone again.
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                    taken => return Some(taken.map(|(stream, _)| stream)),
                }
            }
        })
    }

    fn has_one(&self) -> bool {
        let limit = Timespec { tv_sec: 0, tv_nsec: i64::from(LOOK_EVERY.subsec_nanos()) };
        poll(&mut [PollFd::new(&self.listener, PollFlags::IN)], Some(&limit)).is_ok_and(|ready| ready > 0)
    }

    /// Makes the socket's file again if it is gone.
    fn look_after(&mut self) {
        let socket = self.place.socket();
        if file_of(socket).is_ok_and(|file| file == self.file) {
            return;
        }
        let folder = socket.parent().unwrap_or(Path::new("/"));
        match private_folder(folder).and_then(|()| bind(socket)) {
            Ok((listener, file)) => {
                tracing::warn!("the engine's socket {} was removed; it is made again", socket.display());
                (self.listener, self.file, self.is_lost) = (listener, file, false);
            }
            Err(error) if !self.is_lost => {
                self.is_lost = true;
                tracing::error!(
                    "the engine's socket was removed, no window can connect until it is there again: {error}"
                );
            }
            Err(_) => {}
        }
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        if file_of(self.place.socket()).is_ok_and(|file| file == self.file) {
            let _ = fs::remove_file(self.place.socket());
        }
    }
}

/// Listens on a socket, instead of what a dead engine left there.
fn bind(socket: &Path) -> Result<(UnixListener, (u64, u64)), PlaceError> {
    let _ = fs::remove_file(socket);
    let listener = UnixListener::bind(socket).map_err(io_error(socket))?;
    fs::set_permissions(socket, fs::Permissions::from_mode(0o600)).map_err(io_error(socket))?;
    listener.set_nonblocking(true).map_err(io_error(socket))?;
    let file = file_of(socket).map_err(io_error(socket))?;
    Ok((listener, file))
}

fn file_of(socket: &Path) -> io::Result<(u64, u64)> {
    fs::symlink_metadata(socket).map(|found| (found.dev(), found.ino()))
}
