//! How times and ages read, everywhere in Brickwork.

/// One moment by both clocks, so that times of the engine can be said as times of the wall.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Now {
    /// Nanoseconds of the engine's clock.
    pub engine_ns: u64,
    /// Seconds since 1970.
    pub wall_secs: f64,
}

impl Now {
    /// A time of the engine's clock as seconds since 1970.
    pub fn wall_secs_of(&self, engine_ns: u64) -> f64 {
        self.wall_secs - (self.engine_ns as f64 - engine_ns as f64) * 1e-9
    }

    /// How long a time of the engine's clock is ago: `42 s`.
    pub fn age(&self, engine_ns: u64) -> String {
        lasted(self.engine_ns.saturating_sub(engine_ns))
    }

    /// A time of the engine's clock as one says it now, see [`moment`].
    pub fn moment(&self, engine_ns: u64) -> String {
        moment(self.wall_secs_of(engine_ns), self.wall_secs)
    }
}

/// Seconds since 1970 as one says them at another moment: the time of the day, with the date if that was another day.
pub fn moment(wall_secs: f64, now_wall_secs: f64) -> String {
    let is_today = local(wall_secs, "%F") == local(now_wall_secs, "%F");
    if is_today { clock(wall_secs) } else { local(wall_secs, "%F %H:%M") }
}

/// How long something lasted, in one unit: `42 s`, `12 min`, `3 h`, `2 days`.
pub fn lasted(ns: u64) -> String {
    match ns / 1_000_000_000 {
        s @ 0..120 => format!("{s} s"),
        s @ 120..7_200 => format!("{} min", s / 60),
        s @ 7_200..172_800 => format!("{} h", s / 3_600),
        s => format!("{} days", s / 86_400),
    }
}

/// How long ago something was.
pub fn ago(ns: u64) -> String {
    format!("{} ago", lasted(ns))
}

/// Seconds since 1970 as local time of the day.
pub fn clock(wall_secs: f64) -> String {
    local(wall_secs, "%H:%M:%S")
}

/// Seconds since 1970 as local date and time, with the zone.
pub fn date_and_time(wall_secs: f64) -> String {
    local(wall_secs, "%F %H:%M:%S%:z")
}

/// Seconds since 1970 as part of the name of a file: `20261125-141502`.
pub fn stamp(wall_secs: f64) -> String {
    local(wall_secs, "%Y%m%d-%H%M%S")
}

fn local(wall_secs: f64, format: &str) -> String {
    let at = jiff::Timestamp::from_second(wall_secs as i64).unwrap_or_default();
    at.to_zoned(jiff::tz::TimeZone::system()).strftime(format).to_string()
}

/// A size of memory or disk: `312 MB`, `1.4 GB`.
pub fn bytes(bytes: u64) -> String {
    match bytes as f64 * 1e-6 {
        mega if mega < 1.0 => format!("{:.0} kB", mega * 1e3),
        mega if mega < 1_000.0 => format!("{mega:.0} MB"),
        mega => format!("{:.1} GB", mega * 1e-3),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_said_in_one_unit() {
        let seconds = |s: u64| ago(s * 1_000_000_000);
        assert_eq!(
            [seconds(42), seconds(725), seconds(10_800), seconds(200_000)],
            ["42 s ago", "12 min ago", "3 h ago", "2 days ago"]
        );
    }

    #[test]
    fn a_moment_of_another_day_is_said_with_its_date() {
        let now = Now { engine_ns: 200_000_000_000_000, wall_secs: 1_800_000_000.0 };
        assert_eq!(now.wall_secs_of(199_999_000_000_000), 1_799_999_999.0);
        assert_eq!(now.moment(now.engine_ns).len(), "06:25:07".len());
        assert_eq!(now.moment(0).len(), "2026-11-25 06:25".len());
        assert_eq!(now.age(0), "2 days");
    }

    #[test]
    fn sizes_are_said_in_the_unit_that_fits() {
        assert_eq!([bytes(4_096), bytes(312_400_000), bytes(1_440_000_000)], ["4 kB", "312 MB", "1.4 GB"]);
    }
}
