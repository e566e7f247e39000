//! How old a wish may be when it is taken. Shell and engine run on one machine, so that one clock tells both of them when
//! a person acted: what was held up by a process that stood still is refused, since nobody expects it any more.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// A wish older than this is not carried out; as long as a shell waits until it says that the engine does not answer.
pub const MAX_AGE: Duration = Duration::from_millis(1500);

/// Nanoseconds since the machine started, the time that it slept included: the same in every process.
pub fn uptime_ns() -> u64 {
    let time = clock_gettime(ClockId::Boottime);
    u64::try_from(time.tv_sec).unwrap_or(0) * 1_000_000_000 + u64::try_from(time.tv_nsec).unwrap_or(0)
}

/// Why a wish that was given at `given_ns` is not carried out at `now_ns`, if it is too old.
pub fn too_old(given_ns: u64, now_ns: u64) -> Option<String> {
    let age = Duration::from_nanos(now_ns.abs_diff(given_ns));
    if age <= MAX_AGE {
        return None;
    }
    Some(if given_ns > now_ns {
        "it came with a time that is still to come: who sent it has another clock, so that its age is not known".into()
    } else {
        let age_secs = age.as_secs_f64();
        format!("it was given {age_secs:.1} s ago and was held up since: look how things are, and give it again")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wish_is_taken_while_it_is_fresh_and_refused_when_it_is_old_or_of_another_clock() {
        let now_ns = 100_000_000_000;
        assert_eq!(too_old(now_ns, now_ns), None);
        assert_eq!(too_old(now_ns - 1_500_000_000, now_ns), None);
        assert!(too_old(now_ns - 1_600_000_000, now_ns).is_some_and(|why| why.contains("given 1.6 s ago")));
        assert!(too_old(now_ns + 1_600_000_000, now_ns).is_some_and(|why| why.contains("another clock")));
        assert!(too_old(0, now_ns).is_some(), "who tells no time is not believed");
    }
}
