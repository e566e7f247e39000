//! How large a window's content is drawn: what a person chose, as far as the window has room for it.

use iced::window;

use super::App;
use super::placing::LEAST;

/// What Ctrl with plus and minus goes through.
const STEPS: [f32; 12] = [0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.25, 2.5, 3.0];
/// The nearest scale that there is.
pub(super) fn sound(scale: f32) -> f32 {
    if scale.is_finite() { scale.clamp(STEPS[0], STEPS[STEPS.len() - 1]) } else { 1.0 }
}

/// The next step from a scale, larger above 0; back to 1 at 0.
fn next(scale: f32, way: i8) -> f32 {
    let next = match way {
        0 => Some(1.0),
        1.. => STEPS.into_iter().find(|step| *step > scale + 0.001),
        _ => STEPS.into_iter().rfind(|step| *step < scale - 0.001),
    };
    next.unwrap_or(scale)
}

/// As much of `scale` as a window of this size, drawn at 1, has room for.
pub(super) fn within(scale: f32, (width, height): (f32, f32)) -> f32 {
    scale.min((width / LEAST.width).min(height / LEAST.height).max(1.0))
}

impl App {
    /// How large the content of a window is drawn.
    pub fn scale_factor(&self, id: window::Id) -> f32 {
        self.zooms.get(&id).copied().unwrap_or(self.scale)
    }

    /// The same for a window that has opened, by its size.
    pub(super) fn fit_scale(&mut self, id: window::Id) {
        let size = self.window_index(id).and_then(|index| self.memory.sizes.get(&index));
        if let (Some(size), true) = (size, self.scales.contains_key(&id)) {
            self.zooms.insert(id, within(self.scale, *size));
        }
    }

    /// Makes the content larger or smaller, and says how large it is now.
    pub(super) fn zoom(&mut self, way: i8) {
        let wanted = next(self.scale, way);
        let room = self.windows.iter().filter_map(|id| self.memory.sizes.get(&self.window_index(*id)?));
        let fits = room.map(|size| within(wanted, *size)).fold(wanted, f32::min);
        let percent = (fits * 100.0).round();
        self.last_words = match fits < wanted {
            true => format!("drawn at {percent} %: for more the window is too small"),
            false => format!("drawn at {percent} %"),
        };
        (self.scale, self.memory.scale) = (fits, Some(fits));
        self.windows.clone().into_iter().for_each(|id| self.fit_scale(id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_go_up_and_down_and_back_to_one_and_end() {
        assert_eq!([next(1.0, 1), next(1.0, -1), next(2.5, 0)], [1.1, 0.9, 1.0]);
        assert_eq!([next(1.3, 1), next(1.3, -1)], [1.5, 1.25], "also from between the steps");
        assert_eq!([next(3.0, 1), next(0.7, -1)], [3.0, 0.7]);
    }

    #[test]
    fn no_scale_drives_the_controls_out_of_a_small_window() {
        assert_eq!(within(2.0, (1920.0, 1200.0)), 2.0);
        assert_eq!(within(3.0, (1280.0, 1024.0)), 2.0);
        assert_eq!(within(2.0, (640.0, 480.0)), 1.0);
        assert_eq!(within(0.8, (640.0, 480.0)), 0.8);
    }
}
