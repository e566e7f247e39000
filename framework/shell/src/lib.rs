//! The shell: the process with the window and the bricks, and no truth.
//!
//! [`run`] opens the windows of the layout that an engine runs. The drawing layer ([`draw::draw`])
//! turns the view of a brick into iced elements, reading live values through [`readings::Readings`]
//! and what a person is typing from [`edits::Edits`]; what a person does comes back as
//! [`event::Event`]. Threads of their own read the link, run the bricks and decode pictures; the
//! window's thread only draws.

mod app;
mod arrange;
mod broken;
pub mod card;
mod copy;
pub mod display;
pub mod draw;
pub mod edits;
mod ending;
pub mod event;
pub mod field;
pub mod flow;
pub mod focus;
pub mod fonts;
pub mod format;
mod health;
mod host;
mod inbox;
mod keep;
mod keys;
mod link;
mod manager;
pub mod mark;
mod memory;
mod number;
pub mod panel;
pub mod pictures;
mod probe;
pub mod readings;
mod split;
mod store;
pub mod style;
mod thread;
pub mod tokens;

use std::sync::Arc;

pub use app::Appearance;
use app::{App, Services};
use brickwork_engine::log::Log;
use brickwork_link::{Notice, NoticeLevel};
use display::Display;
use inbox::Happened;

/// An element of the shell.
pub type Element<'a> = iced::Element<'a, event::Event>;

/// Why the shell could not open.
#[derive(Debug, thiserror::Error)]
pub enum ShellError {
    /// The system refused.
    #[error("the shell cannot start: {0}")]
    Io(#[from] std::io::Error),
    /// There is no window.
    #[error("no window could be opened: {0}")]
    Window(#[from] iced::Error),
    /// What draws it panicked.
    #[error("the window broke: {0}. `brickwork run` opens it again; its log has the rest")]
    Broken(String),
    /// It was made larger than the display can show.
    #[error("the window was made {width}x{height} and cannot be drawn: {}", Self::pictures_of(*most))]
    TooLarge {
        /// In pixels.
        width: i32,
        /// In pixels.
        height: i32,
        /// Pixels of a picture.
        most: u64,
    },
}

impl ShellError {
    /// What limits a window on an X server without shared memory, and the cure.
    fn pictures_of(most: u64) -> String {
        format!(
            "without shared memory (MIT-SHM) this X server takes pictures of {most} pixels at most. A smaller window \
             can be shown, or start the server with `-maxbigreqsize 127`"
        )
    }
}

/// Opens the windows and stays until they are closed. The engine goes on.
///
/// # Errors
/// When no window can be opened.
pub fn run(
    place: brickwork_link::Place,
    user: String,
    display: Display,
    appearance: Appearance,
    log: Arc<Log>,
) -> Result<(), ShellError> {
    let (memory, keeper) = memory::start(&place)?;
    let inbox = Arc::new(inbox::Inbox::default());
    let pictures = Arc::new(pictures::Pictures::default());
    let (manager, queue) = manager::queue();
    let link = link::Link::new(inbox.clone(), pictures.clone(), manager.clone());
    pictures.start(inbox.clone())?;
    probe::start(inbox.clone())?;
    let kept = brickwork_link::Kept::open(&place, "bricks")?;
    let bricks = manager::Manager::start(inbox.clone(), link.clone(), manager.clone(), queue, kept)?;
    let ending = ending::Ending::new(manager.clone(), bricks);
    ending.on_signal()?;
    link.start(place.clone(), user)?;
    if let Some(text) = brickwork_engine::left_off::died() {
        let wall_secs = brickwork_engine::Clock::wall_secs();
        let notice = Notice { level: NoticeLevel::Error, subject: "window".into(), text, wall_secs, action: None };
        tracing::error!(subject = notice.subject, "{}", notice.text);
        inbox.happened(Happened::Notice(notice));
    }
    if let Display::X(x) = &display {
        let inbox = inbox.clone();
        x.watch(move || inbox.happened(Happened::Screen))?;
    }
    let services = Services { inbox, link, manager, pictures, log, keeper, place, display, failed: Arc::default() };
    let failed = services.failed.clone();
    let ended = broken::run(move || {
        iced::daemon(move || App::new(services.clone(), appearance, memory.clone()), App::update, App::view)
            .title(App::title)
            .theme(App::theme)
            .style(App::style)
            .scale_factor(App::scale_factor)
            .subscription(App::subscription)
            .settings(fonts::settings())
            .run()?;
        Ok(())
    });
    ending.keep_all();
    ended?;
    let failed = failed.lock().take();
    failed.map_or(Ok(()), Err)
}
