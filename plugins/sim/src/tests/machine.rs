//! The simulated storage ring.

use brickwork_sdk::Value;
use brickwork_sdk::testing::{FakeHost, fields};

use super::{host, live};

#[test]
fn the_current_decays_with_its_lifetime_and_is_topped_up() {
    let host = host();
    let config = fields! { current_ma: 100.0, lifetime_h: 0.01, refill_secs: 20.0 };
    let ring = live(host.object("ring", "sim.machine").config(config));
    ring.wait_value("current", |current: &f64| *current < 70.0);
    ring.wait_value("current", |current: &f64| *current > 90.0);
    let currents = ring.history::<f64>("current");
    assert_eq!(currents[0], 100.0);
    let lowest = currents.iter().copied().fold(f64::MAX, f64::min);
    assert!(lowest >= 100.0 * (-20.0f64 / 36.0).exp(), "it fell to {lowest} before it was refilled");
    let refills = currents.windows(2).filter(|pair| pair[1] > pair[0]).count();
    assert!(refills >= 1, "{currents:?}");
}

#[test]
fn it_counts_down_to_the_refill() {
    let host = host();
    let ring = live(host.object("ring", "sim.machine").config(fields! { refill_secs: 90.0 }));
    assert_eq!(ring.value::<String>("message"), "Simulated ring: beam for users");
    ring.wait_value("refill_in", |left: &f64| *left < 60.0);
    ring.wait_value("message", |message: &String| message == "Simulated ring: refill within a minute");
    let lefts = ring.history::<f64>("refill_in");
    assert_eq!(lefts[0], 90.0);
    assert!(lefts.windows(2).all(|pair| pair[1] < pair[0]), "{lefts:?}");
}

#[test]
fn it_says_how_it_is_filled() {
    let host = host();
    let ring = live(host.object("ring", "sim.machine").config(fields! { filling_mode: "16 bunch", lifetime_h: 12.0 }));
    assert_eq!(ring.value::<String>("filling_mode"), "16 bunch");
    assert_eq!(ring.value::<f64>("lifetime"), 12.0);
}

#[test]
fn a_reload_refills_nothing() {
    let host = host();
    let ring = live(host.object("ring", "sim.machine").config(fields! { refill_secs: 10_000.0 }));
    ring.wait_value("refill_in", |left: &f64| *left < 9990.0);
    let ring = ring.reload();
    ring.wait_live();
    assert!(ring.value::<f64>("refill_in") < 9990.0);
}

#[test]
fn numbers_that_no_ring_has_are_mistakes() {
    let host = FakeHost::new(crate::plugin());
    let config = fields! { current_ma: 0.0, lifetime_h: -1.0, refill_secs: 0.5 };
    let paths = |config: Value| host.check("sim.machine", config).into_iter().map(|p| p.path).collect::<Vec<_>>();
    assert_eq!(paths(config), ["current_ma", "lifetime_h", "refill_secs"]);
    assert_eq!(paths(fields! {}), Vec::<String>::new());
}
