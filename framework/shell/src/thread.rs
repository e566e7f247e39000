//! One thread for the bricks of one loaded library: it asks, the window never waits.
//!
//! The manager gives it jobs and hears what came of them. A brick that does not return keeps its
//! thread; the window sees since when and says so on the tiles.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use brickwork_engine::loader::Library;
use brickwork_link::PluginFile;
use brickwork_sdk::protocol::{Answer, Ask, Failure, Setup};
use brickwork_sdk::view::Node;
use brickwork_sdk::{Restored, State, Value};
use parking_lot::Mutex;

use crate::event::Place;
use crate::health::Times;
use crate::host::ShellHost;
use crate::manager::ToManager;

/// Jobs that may wait for one library.
const QUEUE: usize = 1024;
/// A brick is viewed at most so often because of changed channels.
const VIEW_PERIOD: Duration = Duration::from_millis(33);

/// What the thread is asked to do.
pub enum Job {
    /// Make a brick and its first view.
    Make {
        /// The brick.
        brick: String,
        /// Its new instance.
        instance: u64,
        /// Its setup, with the state to restore.
        setup: Setup,
    },
    /// A control was used.
    Message {
        /// The brick's instance.
        instance: u64,
        /// The control.
        place: Place,
        /// The author's message.
        message: Value,
    },
    /// A channel that it reads has changed.
    Dirty(u64),
    /// It is about to be replaced.
    Save(u64),
    /// It is over; its brick is named for what goes wrong then.
    Drop {
        /// The brick's instance.
        instance: u64,
        /// The brick.
        brick: String,
    },
}

/// What came of a job.
pub enum Made {
    /// A brick with its first view.
    Made(Restored, Node),
    /// It could not be made.
    Failed(Failure),
}

/// A library's thread, seen from the others.
pub struct BrickThread {
    jobs: SyncSender<Job>,
    /// Since when it has been in the author's code.
    busy: Mutex<Option<Instant>>,
    /// The slowest calls of the author's code so far.
    times: Mutex<Times>,
    library: Arc<Library>,
    host: &'static ShellHost,
    /// The plugin's file as it was loaded.
    pub file: PluginFile,
}

impl BrickThread {
    /// Starts the thread of a library. It ends once nobody holds it, and with it all that the library had on it.
    ///
    /// # Errors
    /// When the system has no room for it.
    pub fn start(
        library: Library,
        host: &'static ShellHost,
        file: PluginFile,
        manager: SyncSender<ToManager>,
    ) -> std::io::Result<(Arc<Self>, JoinHandle<()>)> {
        let (jobs, queue) = sync_channel(QUEUE);
        let name = format!("bricks {}", library.info.name.trim_start_matches("brickwork-"));
        let thread = Arc::new(Self {
            jobs,
            busy: Mutex::new(None),
            times: Mutex::default(),
            library: Arc::new(library),
            host,
            file,
        });
        // The thread ends when nobody else holds its jobs' sender.
        let worker = Worker {
            library: thread.library.clone(),
            host,
            manager,
            seen: Arc::downgrade(&thread),
            dirty: BTreeSet::new(),
            last_view: Instant::now(),
        };
        let handle = std::thread::Builder::new().name(name).spawn(move || worker.run(&queue))?;
        Ok((thread, handle))
    }

    /// Gives it a job; false when it does not keep up.
    pub fn give(&self, job: Job) -> bool {
        self.jobs.try_send(job).is_ok()
    }

    /// Since when the author's code has not returned.
    pub fn busy_for(&self) -> Option<Duration> {
        self.busy.lock().map(|since| since.elapsed())
    }

    /// The slowest calls of the author's code so far.
    pub fn times(&self) -> Times {
        self.times.lock().clone()
    }

    /// Names the brick of an instance.
    pub fn name(&self, instance: u64, brick: &str) {
        self.host.acting(instance, Place::new(brick, ""));
    }
}

struct Worker {
    library: Arc<Library>,
    host: &'static ShellHost,
    manager: SyncSender<ToManager>,
    seen: std::sync::Weak<BrickThread>,
    dirty: BTreeSet<u64>,
    last_view: Instant,
}

impl Worker {
    fn run(mut self, queue: &Receiver<Job>) {
        loop {
            let job = if self.dirty.is_empty() {
                queue.recv().map_err(|_| RecvTimeoutError::Disconnected)
            } else {
                queue.recv_timeout(VIEW_PERIOD.saturating_sub(self.last_view.elapsed()))
            };
            match job {
                Ok(job) => self.work(job),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if !self.dirty.is_empty() && self.last_view.elapsed() >= VIEW_PERIOD {
                for instance in std::mem::take(&mut self.dirty) {
                    self.view(instance);
                }
            }
        }
        self.library.shutdown(Duration::from_millis(200));
    }

    fn work(&mut self, job: Job) {
        match job {
            Job::Make { brick, instance, setup } => {
                let made = self.make(instance, setup);
                self.tell(ToManager::Made { brick, instance, made });
            }
            Job::Message { instance, place, message } => {
                self.host.acting(instance, place);
                match self.ask(instance, &Ask::Message(message)) {
                    Answer::Panicked(failure) => self.tell(ToManager::Panicked { instance, failure }),
                    Answer::Refused(why) => tracing::warn!("{why}"),
                    _ => self.view(instance),
                }
            }
            Job::Dirty(instance) => {
                self.dirty.insert(instance);
            }
            Job::Save(instance) => {
                let (state, failure) = match self.ask(instance, &Ask::Save) {
                    Answer::State(state) => (state, None),
                    Answer::Panicked(failure) => (State::none(), Some(failure)),
                    _ => (State::none(), None),
                };
                self.tell(ToManager::Saved { instance, state, failure });
            }
            Job::Drop { instance, brick } => {
                self.dirty.remove(&instance);
                if let Answer::Panicked(failure) = self.ask(instance, &Ask::Drop) {
                    self.tell(ToManager::DropPanicked { brick, failure });
                }
                self.host.forget(instance);
            }
        }
    }

    fn make(&self, instance: u64, setup: Setup) -> Made {
        let failed = |message: String| Made::Failed(Failure { message, place: String::new() });
        let restored = match self.ask(instance, &Ask::New(setup)) {
            Answer::Created(restored) => restored,
            Answer::Panicked(failure) => return Made::Failed(failure),
            Answer::Refused(why) => return failed(why),
            other => return failed(format!("it answered {other:?}")),
        };
        match self.ask(instance, &Ask::View) {
            Answer::View(node) => Made::Made(restored, node),
            Answer::Panicked(failure) => Made::Failed(failure),
            other => failed(format!("it answered {other:?}")),
        }
    }

    fn view(&mut self, instance: u64) {
        self.last_view = Instant::now();
        match self.ask(instance, &Ask::View) {
            Answer::View(node) => self.tell(ToManager::Viewed { instance, node }),
            Answer::Panicked(failure) => self.tell(ToManager::Panicked { instance, failure }),
            // It was dropped in between.
            _ => {}
        }
    }

    fn ask(&self, instance: u64, ask: &Ask) -> Answer {
        let (seen, begun) = (self.seen.upgrade(), Instant::now());
        if let Some(thread) = &seen {
            *thread.busy.lock() = Some(begun);
        }
        let answer = self.library.ask(instance, ask);
        if let Some(thread) = &seen {
            *thread.busy.lock() = None;
            thread.times.lock().note(ask, begun.elapsed(), || self.host.brick(instance));
        }
        answer
    }

    fn tell(&self, message: ToManager) {
        // The manager outlives every thread but at the shell's end.
        let _ = self.manager.send(message);
    }
}
