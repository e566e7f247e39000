//! Samples and goniometers by chance, from a fixed seed: what is found is where it is, and as sure as it is said.

use brickwork_axes::{Axis, Camera, Chain, Click, Motion, Options, Point, SolveError, solve};

/// Numbers by chance, the same in every run (xorshift64*).
struct Chance(u64);

impl Chance {
    /// From 0 to 1.
    fn part(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn within(&mut self, limit: f64) -> f64 {
        (self.part() * 2.0 - 1.0) * limit
    }

    /// Of mean 0 and standard deviation 1: the sum of twelve.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.part()).sum::<f64>() - 6.0
    }
}

fn axis(role: &str, motion: Motion, direction: Point) -> Axis {
    Axis { role: role.into(), motion, direction, ..Axis::default() }
}

/// The MiniDiff, P11 with its table askew, P14 askew by half a degree, and one without phiz.
fn chains() -> Vec<Chain> {
    use Motion::{Rotation, Translation};
    let p11 = vec![
        axis("phiy", Translation, [0.0, 1.0, 0.0]),
        axis("phiz", Translation, [1.0, 0.0, 0.0]),
        axis("omega", Rotation, [0.0, -1.0, 0.0]),
        axis("sampx", Translation, [-0.281_085, 0.0, 0.959_683]),
        axis("sampy", Translation, [0.959_683, 0.0, 0.281_085]),
    ];
    let askew = vec![
        axis("phiy", Translation, [1.0, 0.0, 0.0]),
        axis("phiz", Translation, [0.0, 1.0, 0.0]),
        axis("omega", Rotation, [-1.0, 0.01, 0.0]),
        axis("sampx", Translation, [0.0, 0.01, 1.0]),
        axis("sampy", Translation, [0.0, 1.0, 0.02]),
    ];
    let without_phiz = Chain::standard().axes().iter().filter(|axis| axis.role != "phiz").cloned().collect();
    let of = |axes| Chain::new(axes, Camera::default()).expect("it is one");
    vec![Chain::standard(), of(p11), of(askew), of(without_phiz)]
}

/// Clicks on a point at angles that are `step` apart.
fn clicks(chain: &Chain, point: Point, count: usize, step: f64, noise: f64, chance: &mut Chance) -> Vec<Click> {
    let omega = chain.index("omega").expect("each has one");
    let mut positions: Vec<f64> = chain.axes().iter().map(|_| chance.within(500.0)).collect();
    positions[omega] = chance.within(180.0);
    let click = |at: usize| {
        let mut positions = positions.clone();
        positions[omega] += step * at as f64;
        let seen = chain.see(&positions, point);
        (positions, seen)
    };
    let all: Vec<_> = (0..count).map(click).collect();
    let mut blur = || chance.normal() * noise;
    all.into_iter().map(|(positions, seen)| Click { positions, x: seen.x + blur(), y: seen.y + blur() }).collect()
}

/// The largest distance from the beam over a full turn.
fn wobble(chain: &Chain, positions: &[f64], point: Point) -> f64 {
    let omega = chain.index("omega").expect("each has one");
    let at = |degrees: u32| {
        let mut positions = positions.to_vec();
        positions[omega] = f64::from(degrees);
        let seen = chain.see(&positions, point);
        seen.x.hypot(seen.y)
    };
    (0..360).step_by(5).map(at).fold(0.0, f64::max)
}

#[test]
fn exact_clicks_centre_exactly_on_every_goniometer() {
    let mut chance = Chance(7);
    for chain in chains() {
        for trial in 0..100 {
            let point = std::array::from_fn(|_| chance.within(300.0));
            // Two do not tell where the spindle is as well.
            let fewest = if chain.index("phiz").is_some() { 3 } else { 2 };
            let count = fewest + trial % 6;
            let clicks = clicks(&chain, point, count, 20.0 + chance.part() * 60.0, 0.0, &mut chance);
            let solution = solve(&chain, &clicks, &Options::default()).expect("the angles differ");
            let wobble = wobble(&chain, &solution.positions, point);
            assert!(wobble < 1e-6, "{wobble} um after {} clicks on {:?}", clicks.len(), chain.axes());
        }
    }
}

#[test]
fn the_error_that_is_told_is_the_error_that_is_made() {
    let mut chance = Chance(11);
    let noise = 3.0;
    for chain in chains() {
        let (mut squares, mut count) = (0.0, 0);
        for _ in 0..500 {
            let point = std::array::from_fn(|_| chance.within(300.0));
            let clicks = clicks(&chain, point, 8, 45.0, noise, &mut chance);
            let found = solve(&chain, &clicks, &Options::default()).expect("the angles differ");
            let exact: Vec<Click> = clicks
                .iter()
                .map(|click| {
                    let seen = chain.see(&click.positions, point);
                    Click { x: seen.x, y: seen.y, ..click.clone() }
                })
                .collect();
            let truth = solve(&chain, &exact, &Options::default()).expect("the angles differ");
            for index in 0..chain.axes().len() {
                if found.errors[index] > 0.0 {
                    squares += ((found.positions[index] - truth.positions[index]) / found.errors[index]).powi(2);
                    count += 1;
                }
            }
        }
        let ratio = (squares / f64::from(count)).sqrt();
        assert!((0.85..1.2).contains(&ratio), "errors are {ratio} times what was told: {:?}", chain.axes());
    }
}

#[test]
fn two_clicks_believe_what_is_fixed_and_assume_the_error_of_a_click() {
    let chain = Chain::standard();
    let exact = clicks(&chain, [10.0, 20.0, 30.0], 2, 90.0, 0.0, &mut Chance(3));
    let options = Options { click_error: 5.0, ..Options::default() };
    assert_eq!(solve(&chain, &exact, &options), Err(SolveError::Undetermined { clicks: 2 }), "where is the spindle?");
    let options = Options { fixed: vec![(1, 0.0)], ..options };
    let two = solve(&chain, &exact, &options).expect("two clicks at a right angle are enough");
    assert!(wobble(&chain, &two.positions, [10.0, 20.0, 30.0]) < 1e-9);
    // That their heights agree is one coordinate that says that clicks are good; two more are assumed.
    assert_eq!(two.spare, 1);
    assert!((4.0..5.0).contains(&two.click_error) && two.seen_error > 4.0, "{two:?}");
}

#[test]
fn clicks_at_one_angle_are_refused() {
    let mut chance = Chance(5);
    for chain in chains() {
        for count in [0, 1, 2, 5] {
            let clicks = clicks(&chain, [1.0, 2.0, 3.0], count, 0.0, 1.0, &mut chance);
            let refused = solve(&chain, &clicks, &Options::default()).expect_err("depth is not seen");
            assert_eq!(refused, SolveError::Undetermined { clicks: count });
        }
    }
}

#[test]
fn what_is_no_click_is_refused_and_never_a_panic() {
    let chain = Chain::standard();
    let mut wrong = clicks(&chain, [1.0, 2.0, 3.0], 3, 90.0, 0.0, &mut Chance(5));
    wrong[1].x = f64::NAN;
    assert_eq!(solve(&chain, &wrong, &Options::default()), Err(SolveError::Positions(2)));
    wrong[1].x = 0.0;
    wrong[2].positions.pop();
    assert_eq!(solve(&chain, &wrong, &Options::default()), Err(SolveError::Positions(3)));
    let right = clicks(&chain, [1.0, 2.0, 3.0], 3, 90.0, 0.0, &mut Chance(5));
    let fixed = Options { fixed: vec![(2, 0.0)], ..Options::default() };
    assert_eq!(solve(&chain, &right, &fixed), Err(SolveError::Fixed(2)));
}

/// The MiniDiff with a minikappa whose lines do not meet the spindle.
fn with_kappa() -> Chain {
    let mut axes = Chain::standard().axes().to_vec();
    let kappa = [-0.913_545, 0.287_606, 0.287_606];
    axes.push(Axis { point: [-1000.0, 300.0, 280.0], ..axis("kappa", Motion::Rotation, kappa) });
    axes.push(Axis { point: [-1300.0, 45.0, -68.0], ..axis("kappa_phi", Motion::Rotation, [-1.0, 0.0, 0.0]) });
    Chain::new(axes, Camera::default()).expect("it is one")
}

#[test]
fn the_minikappa_turns_and_the_sample_stays_in_the_beam() {
    let (chain, mut chance) = (with_kappa(), Chance(13));
    for _ in 0..50 {
        let point: Point = std::array::from_fn(|_| chance.within(200.0));
        let exact = clicks(&chain, point, 3, 90.0, 0.0, &mut chance);
        let centred = solve(&chain, &exact, &Options::default()).expect("the angles differ").positions;
        assert!(wobble(&chain, &centred, point) < 1e-6);
        let mut to = centred.clone();
        (to[5], to[6]) = (chance.part() * 240.0, chance.within(180.0));
        let kept = chain.keep(&centred, &to, (0.0, 0.0));
        let wobble = wobble(&chain, &kept, point);
        assert!(wobble < 1e-6, "{wobble} um");
    }
}

#[test]
fn clicks_before_and_after_a_turn_of_kappa_are_refused() {
    let chain = with_kappa();
    let mut clicks = clicks(&chain, [1.0, 2.0, 3.0], 3, 90.0, 0.0, &mut Chance(5));
    clicks[2].positions[5] += 1.0;
    let refused = solve(&chain, &clicks, &Options::default()).expect_err("it is another sample then");
    assert!(refused.to_string().starts_with("kappa was moved"), "{refused}");
}

#[test]
fn a_direction_within_reach_is_laid_along_the_spindle() {
    let (chain, mut chance) = (with_kappa(), Chance(17));
    let kappa = chain.kappa("kappa", "kappa_phi").expect("it has one");
    let (mut reached, mut missed) = (0, 0);
    for _ in 0..200 {
        let points: [Point; 2] = std::array::from_fn(|_| std::array::from_fn(|_| chance.within(200.0)));
        let found = kappa.align(points, [1.0, 0.0, 0.0], (0.0, 240.0)).expect("they are apart");
        let mut positions = vec![0.0; 7];
        (positions[5], positions[6]) = (found.kappa, found.phi);
        let [one, other] = points.map(|point| chain.see(&positions, point));
        let across = (one.y - other.y).hypot(one.depth - other.depth);
        let angle = across.atan2((one.x - other.x).abs()).to_degrees();
        assert!((angle - found.missing).abs() < 1e-6, "{angle} deg, and not {}", found.missing);
        *if found.missing < 1e-6 { &mut reached } else { &mut missed } += 1;
        assert!((0.0..=240.0).contains(&found.kappa));
    }
    // Kappa leans by 24 deg: what is up to 48 deg from the phi axis can be reached.
    assert!(reached > 40 && missed > 40, "{reached} reached, {missed} missed");
    assert!(kappa.align([[1.0; 3]; 2], [1.0, 0.0, 0.0], (0.0, 240.0)).is_err(), "a point is no direction");
    assert!(chain.kappa("omega", "kappa").is_err() && chain.kappa("kappa", "nothing").is_err());
}

#[test]
fn every_way_to_lay_a_line_along_the_spindle_is_told_the_best_first() {
    let (chain, mut chance, limits) = (with_kappa(), Chance(23), (-240.0, 240.0));
    let kappa = chain.kappa("kappa", "kappa_phi").expect("it has one");
    let mut several = 0;
    for _ in 0..100 {
        let points: [Point; 2] = std::array::from_fn(|_| std::array::from_fn(|_| chance.within(200.0)));
        let ways = kappa.ways(points, [1.0, 0.0, 0.0], limits).expect("they are apart");
        assert_eq!(Some(&kappa.align(points, [1.0, 0.0, 0.0], limits).expect("they are apart")), ways.first());
        assert!(ways.windows(2).all(|pair| pair[0].missing < pair[1].missing + 1e-6), "{ways:?}");
        let reached: Vec<_> = ways.iter().filter(|way| way.missing < 1e-6).collect();
        for way in &reached {
            let mut positions = vec![0.0; 7];
            (positions[5], positions[6]) = (way.kappa, way.phi);
            let [one, other] = points.map(|point| chain.see(&positions, point));
            assert!((one.y - other.y).hypot(one.depth - other.depth) < 1e-4, "{way:?}");
        }
        several += usize::from(reached.iter().any(|way| (way.kappa - reached[0].kappa).abs() > 1.0));
    }
    assert!(several > 20, "kappa can lean either way: {several}");
    let none = kappa.ways([[0.0; 3], [100.0; 3]], [1.0, 0.0, 0.0], (10.0, -10.0));
    assert!(none.is_err_and(|why| why.to_string().contains("between the limits of kappa, 10 and -10 deg")));
}

#[test]
fn what_is_clicked_comes_into_the_beam_and_the_spindle_stays() {
    let mut chance = Chance(19);
    for chain in chains() {
        for _ in 0..50 {
            let point: Point = std::array::from_fn(|_| chance.within(200.0));
            let positions: Vec<f64> = chain.axes().iter().map(|_| chance.within(180.0)).collect();
            let seen = chain.see(&positions, point);
            let brought = chain.bring(&positions, (seen.x, seen.y), (5.0, -3.0));
            let seen = chain.see(&brought, point);
            assert!((seen.x - 5.0).abs() < 1e-6 && (seen.y + 3.0).abs() < 1e-6, "{seen:?} on {:?}", chain.axes());
            let stays = |role| chain.index(role).is_none_or(|index| brought[index] == positions[index]);
            assert!(stays("omega") && stays("phiz"));
        }
    }
}
