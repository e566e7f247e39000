//! Where a window lies: as much of it as possible on one monitor. Arithmetic alone, in pixels of the screen.

/// A part of the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rect {
    /// From the left.
    pub x: i32,
    /// From the top.
    pub y: i32,
    /// Width.
    pub width: i32,
    /// Height.
    pub height: i32,
}

/// What a window manager draws round a window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    /// At the left.
    pub left: i32,
    /// At the right.
    pub right: i32,
    /// At the top.
    pub top: i32,
    /// At the bottom.
    pub bottom: i32,
}

impl Rect {
    /// How many pixels it has.
    pub fn pixels(self) -> u64 {
        u64::from(self.width.unsigned_abs()) * u64::from(self.height.unsigned_abs())
    }

    fn overlap(self, other: Self) -> i64 {
        let along = |a: i32, a_long: i32, b: i32, b_long: i32| {
            i64::from((a.saturating_add(a_long)).min(b.saturating_add(b_long))) - i64::from(a.max(b))
        };
        let (width, height) =
            (along(self.x, self.width, other.x, other.width), along(self.y, self.height, other.y, other.height));
        if width > 0 && height > 0 { width * height } else { 0 }
    }

    /// The one of `monitors` that has most of it; the first when none has any.
    pub fn most_of(self, monitors: &[Self]) -> Option<Self> {
        let first = monitors.first().copied()?;
        let better = |best: Self, next: &Self| if self.overlap(*next) > self.overlap(best) { *next } else { best };
        Some(monitors.iter().fold(first, better))
    }

    /// This window, without its frame, moved and made smaller until it lies with its frame in `monitor` and has `most`
    /// pixels at most, its proportions kept for the latter.
    pub fn within(self, monitor: Self, frame: Frame, most: Option<u64>) -> Self {
        let (sides, ends) = (frame.left + frame.right, frame.top + frame.bottom);
        let width = self.width.min(monitor.width - sides).max(1);
        let height = self.height.min(monitor.height - ends).max(1);
        let (width, height) = limited(width, height, most);
        let x = (self.x - frame.left).min(monitor.x + monitor.width - width - sides).max(monitor.x);
        let y = (self.y - frame.top).min(monitor.y + monitor.height - height - ends).max(monitor.y);
        Self { x: x + frame.left, y: y + frame.top, width, height }
    }
}

fn limited(width: i32, height: i32, most: Option<u64>) -> (i32, i32) {
    let pixels = f64::from(width) * f64::from(height);
    let by = most.map_or(1.0, |most| (most as f64 / pixels).sqrt());
    if by >= 1.0 {
        return (width, height);
    }
    ((f64::from(width) * by) as i32, (f64::from(height) * by) as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn rect(x: i32, y: i32, width: i32, height: i32) -> Rect {
        Rect { x, y, width, height }
    }

    const LEFT: Rect = rect(0, 0, 1280, 1024);
    const RIGHT: Rect = rect(1280, 0, 1920, 1080);

    #[test]
    fn a_window_that_fits_stays_as_it_is() {
        assert_eq!(rect(10, 20, 640, 480).within(LEFT, Frame::default(), None), rect(10, 20, 640, 480));
        assert_eq!(LEFT.within(LEFT, Frame::default(), Some(1280 * 1024)), LEFT);
    }

    #[test]
    fn a_window_that_is_too_large_or_beside_the_monitor_comes_to_lie_in_it_with_its_frame() {
        let frame = Frame { left: 1, right: 1, top: 20, bottom: 5 };
        for window in [rect(-500, -500, 9000, 9000), rect(1000, 900, 640, 480), rect(5, 1000, 1280, 1024)] {
            let fits = window.within(LEFT, frame, None);
            assert!(fits.x >= frame.left && fits.y >= frame.top, "{fits:?}");
            assert!(fits.x + fits.width + frame.right <= 1280, "{fits:?}");
            assert!(fits.y + fits.height + frame.bottom <= 1024, "{fits:?}");
        }
    }

    #[test]
    fn a_window_belongs_to_the_monitor_that_has_most_of_it() {
        assert_eq!(rect(1200, 0, 640, 480).most_of(&[LEFT, RIGHT]), Some(RIGHT));
        assert_eq!(rect(700, 0, 640, 480).most_of(&[LEFT, RIGHT]), Some(LEFT));
        assert_eq!(rect(-9000, 0, 640, 480).most_of(&[RIGHT, LEFT]), Some(RIGHT));
        assert_eq!(LEFT.most_of(&[]), None);
    }

    #[test]
    fn a_window_of_too_many_pixels_keeps_its_proportions() {
        let fits = rect(0, 0, 3840, 2160).within(rect(0, 0, 3840, 2160), Frame::default(), Some(4_194_297));
        assert_eq!((fits.width, fits.height), (2730, 1535));
        assert!(i64::from(fits.width) * i64::from(fits.height) <= 4_194_297);
    }
}
