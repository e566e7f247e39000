//! The shell: the process with the window and the bricks, and no truth.
//!
//! [`run`] opens the windows of the layout that an engine runs. The drawing layer ([`draw::draw`])
//! turns the view of a brick into iced elements, reading live values through [`readings::Readings`]
//! and what a person is typing from [`edits::Edits`]; what a person does comes back as
//! [`event::Event`]. Threads of their own read the link, run the bricks and decode pictures; the
//! window's thread only draws.

mod app;
mod arrange;
pub mod card;
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
mod link;
mod manager;
pub mod mark;
mod memory;
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

/// An element of the shell.
pub type Element<'a> = iced::Element<'a, event::Event>;

/// Why the shell could not open.
#[derive(Debug, thiserror::Error)]
pub enum ShellError {
    /// The system refused.
    #[error("the shell cannot start: {0}")]
    Io(#[from] std::io::Error),
    /// There is no window.
    #[error("no window could be opened: {0}. Is DISPLAY or WAYLAND_DISPLAY set? `--headless` runs without one")]
    Window(#[from] iced::Error),
}

/// Opens the windows and stays until they are closed. The engine goes on.
///
/// # Errors
/// When no window can be opened.
pub fn run(
    place: brickwork_link::Place,
    user: String,
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
        inbox.happened(inbox::Happened::Notice(notice));
    }
    let services = Services { inbox, link, manager, pictures, log, keeper, place };
    iced::daemon(move || App::new(services.clone(), appearance, memory.clone()), App::update, App::view)
        .title(App::title)
        .theme(App::theme)
        .style(App::style)
        .subscription(App::subscription)
        .settings(fonts::settings())
        .run()?;
    ending.keep_all();
    Ok(())
}
