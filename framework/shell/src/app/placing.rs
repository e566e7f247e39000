//! Where windows open and lie: as large as they were left, but never beyond their monitor, since ABORT would be there.
//!
//! A window opens out of sight and small, is measured against its monitor, and only then shown. What a window manager
//! makes of it is looked at for two seconds, and again whenever the monitors change.

use iced::{Point, Size, Task, window};

use super::{App, Message, zoom};
use crate::ShellError;
use crate::display::{Measured, Rect};

/// The size of a window that was never open.
const SIZE: (f32, f32) = (1280.0, 1024.0);
/// No window is made smaller, where its monitor has room for that: ABORT and the controls need it.
pub(super) const LEAST: Size = Size::new(640.0, 480.0);
/// For so many ticks the place of a window is looked after.
const SETTLES: u8 = 4;

/// How a window lies.
#[derive(Clone, Copy, Debug)]
pub struct Lying {
    /// It has just opened and is not yet in sight.
    is_new: bool,
    /// The scale of its monitor.
    scale: f32,
    /// On which monitor, and where; none where the display does not say.
    measured: Option<Measured>,
}

impl App {
    /// Opens one window more.
    pub(super) fn open_window(&mut self) -> Task<Message> {
        let size = Size::new(LEAST.width / 2.0, LEAST.height / 2.0);
        let (id, opening) = window::open(window::Settings { size, visible: false, ..window::Settings::default() });
        self.windows.push(id);
        let wanted = self.wanted(id);
        self.zooms.insert(id, zoom::within(self.scale, (wanted.width, wanted.height)));
        opening.map(Message::Opened)
    }

    /// The size that a new window should have: what was asked for, what it was, or the first.
    fn wanted(&self, id: window::Id) -> Size {
        let remembered = || self.memory.sizes.get(&self.window_index(id)?).copied();
        let (width, height) = self.size.or_else(remembered).unwrap_or(SIZE);
        Size::new(width, height)
    }

    /// Pixels of the screen along one of a window.
    pub(super) fn pixels(&self, id: window::Id) -> f32 {
        self.scales.get(&id).copied().unwrap_or(1.0) * self.scale_factor(id)
    }

    /// Measures a window that has just opened.
    pub(super) fn opened(&mut self, id: window::Id) -> Task<Message> {
        self.settling.insert(id, SETTLES);
        self.measure(id, true)
    }

    /// Looks after the places of all windows for a while.
    pub(super) fn look_after_places(&mut self) {
        self.settling = self.windows.iter().map(|id| (*id, SETTLES)).collect();
    }

    /// Looks after the places of the windows that may not have found theirs.
    pub(super) fn settle(&mut self) -> Task<Message> {
        let ids: Vec<_> = self.settling.keys().copied().collect();
        self.settling.retain(|_, ticks| {
            *ticks -= 1;
            *ticks > 0
        });
        Task::batch(ids.into_iter().map(|id| self.measure(id, false)))
    }

    fn measure(&self, id: window::Id, is_new: bool) -> Task<Message> {
        let display = self.services.display.clone();
        let number = window::raw_id::<Message>(id);
        let known = number.then(move |number| window::scale_factor(id).map(move |scale| (number, scale)));
        known.then(move |(number, scale)| {
            let display = display.clone();
            let measuring = async move { Lying { is_new, scale, measured: display.measure(number) } };
            Task::perform(measuring, move |lying| Message::Placed(id, lying))
        })
    }

    /// Moves and resizes a window so that it lies within its monitor, and shows one that is new.
    pub(super) fn placed(&mut self, id: window::Id, Lying { is_new, scale, measured }: Lying) -> Task<Message> {
        self.scales.insert(id, scale);
        let Some(Measured { lies, frame, monitor, most_pixels }) = measured else {
            // The compositor places and limits windows itself.
            let zoom = self.scale_factor(id);
            return if is_new { show(id, self.wanted(id) * zoom.recip(), LEAST * zoom.recip()) } else { Task::none() };
        };
        let (own, room) = (self.wanted(id), Rect { width: i32::MAX, height: i32::MAX, ..lies });
        let pixels = |length: f32| (length * scale).round() as i32;
        let wanted = if is_new { Rect { width: pixels(own.width), height: pixels(own.height), ..lies } } else { lies };
        let (fits, room) = (wanted.within(monitor, frame, most_pixels), room.within(monitor, frame, most_pixels));
        let drawn_at = self.pixels(id);
        let size = |rect: Rect| Size::new(rect.width as f32 / drawn_at, rect.height as f32 / drawn_at);
        let corner = Point::new((fits.x - frame.left) as f32 / scale, (fits.y - frame.top) as f32 / scale);
        if let Some(most) = most_pixels.filter(|most| lies.pixels() > *most)
            && !is_new
            && !self.settling.contains_key(&id)
        {
            // Whoever made it so large does not take it back, and nothing can be drawn in it.
            *self.services.failed.lock() = Some(ShellError::TooLarge { width: lies.width, height: lies.height, most });
            return iced::exit();
        }
        let mut task = Task::none();
        if (fits.x, fits.y) != (lies.x, lies.y) {
            task = task.chain(window::move_to(id, corner));
        }
        if is_new {
            if let Some(most) = most_pixels {
                if wanted.within(monitor, frame, None).pixels() > most {
                    let Rect { width, height, .. } = fits;
                    tracing::warn!("the window is kept at {width}x{height}: {}", ShellError::pictures_of(most));
                }
                task = task.chain(window::set_max_size(id, Some(size(room))));
            }
            let (least, room) = (LEAST * self.scale_factor(id).recip(), size(room));
            let least = Size::new(least.width.min(room.width), least.height.min(room.height));
            return task.chain(show(id, size(fits), least));
        }
        if (fits.width, fits.height) != (lies.width, lies.height) {
            task = task.chain(window::resize(id, size(fits)));
        }
        task
    }

    /// Looks at once at a window that has become larger than can be drawn.
    pub(super) fn resized(&mut self, id: window::Id, size: Size) -> Task<Message> {
        let drawn_at = f64::from(self.pixels(id));
        let pixels = f64::from(size.width) * drawn_at * f64::from(size.height) * drawn_at;
        match self.services.display.most_pixels() {
            Some(most) if pixels > most as f64 => {
                self.settling.entry(id).or_insert(2);
                self.measure(id, false)
            }
            _ => Task::none(),
        }
    }
}

/// Shows a window that has just opened.
fn show(id: window::Id, size: Size, least: Size) -> Task<Message> {
    let sized = window::set_min_size(id, Some(least)).chain(window::resize(id, size));
    sized.chain(window::set_mode(id, window::Mode::Windowed))
}
