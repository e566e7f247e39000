//! The MX beamline that is simulated when nothing else is asked for: its motors, its counters, and the variables that
//! its macros use. [`Setup`](crate::Setup) and the world begin with it.

use brickwork_spec_protocol::{Array, Assoc};

use crate::value::Value;
use crate::{CounterSetup, MotorSetup};

/// The variable of the sample changer's interlock, and its bits (`SampleChanger.py` of MXCuBE).
pub(crate) mod interlock {
    /// The variable.
    pub const FLAGS: &str = "SC_MD_FLAGS";
    /// The sample changer is at the diffractometer.
    pub const IN_USE: u32 = 1;
    /// The diffractometer may move.
    pub const CAN_MOVE: u32 = 2;
    /// A sample may be loaded.
    pub const CAN_LOAD: u32 = 4;
}

/// The motors of a minidiff with kappa, its surroundings, and the optics.
pub(crate) fn motors() -> Vec<MotorSetup> {
    let motor = MotorSetup::new;
    vec![
        motor("phi", "Phi").between(-36_000.0, 36_000.0).stepping(1000.0, 90.0),
        motor("phiz", "Phi Z").between(-5.0, 5.0).stepping(10_000.0, 1.0),
        motor("phiy", "Phi Y").between(-5.0, 5.0).stepping(10_000.0, 1.0),
        motor("sampx", "Sample X").between(-2.0, 2.0).stepping(20_000.0, 0.5),
        motor("sampy", "Sample Y").between(-2.0, 2.0).stepping(20_000.0, 0.5),
        motor("kappa", "Kappa").between(-10.0, 240.0).stepping(1000.0, 30.0),
        motor("kappa_phi", "Kappa Phi").between(-720.0, 720.0).stepping(1000.0, 60.0),
        MotorSetup { switches_behind: 0.2, ..motor("zoom", "Zoom").between(0.9, 10.1).stepping(1000.0, 3.0).at(1.0) },
        motor("focus", "Focus").between(-10.0, 10.0).stepping(10_000.0, 2.0),
        motor("light", "Front light").between(0.0, 2.0).stepping(1000.0, 4.0).at(1.0),
        motor("flight", "Fibre light").between(0.0, 2.0).stepping(1000.0, 4.0).at(0.5),
        motor("bstopz", "Beamstop Z").between(-80.0, 2.0).stepping(1000.0, 20.0),
        MotorSetup { backlash: -50.0, ..motor("mono", "Energy").between(4.0, 35.0).stepping(10_000.0, 0.5).at(12.7) },
        MotorSetup {
            backlash: 200.0,
            ..motor("dtox", "Detector X").between(70.0, 1200.0).stepping(400.0, 40.0).at(200.0)
        },
        motor("slith", "Slit gap H").between(0.0, 2.0).stepping(10_000.0, 0.5).at(0.1),
        motor("slitv", "Slit gap V").between(0.0, 2.0).stepping(10_000.0, 0.5).at(0.08),
    ]
}

/// The counters: seconds, a monitor, and what sees the beam.
pub(crate) fn counters() -> Vec<CounterSetup> {
    let counter = CounterSetup::new;
    vec![
        counter("sec", "Seconds", 1.0),
        counter("mon", "Monitor", 10_000.0),
        CounterSetup { sees_beam: true, ..counter("i0", "Intensity 0", 180_000.0) },
        CounterSetup { sees_beam: true, ..counter("i1", "Intensity 1", 120_000.0) },
        CounterSetup { sees_beam: true, ..counter("fluo", "Fluorescence", 25_000.0) },
    ]
}

/// The variables that exist from the beginning, with their values.
pub(crate) fn variables() -> Vec<(&'static str, Value)> {
    let flags = f64::from(interlock::CAN_MOVE);
    let mut all: Vec<(&'static str, Value)> = vec![
        ("DATAFILE", Value::text("/dev/null")),
        ("H", Value::Number(0.0)),
        ("K", Value::Number(0.0)),
        ("L", Value::Number(0.0)),
        ("MXSPECSIM", Value::text("a simulator, not spec: no hardware moves")),
        ("PI", Value::Number(std::f64::consts::PI)),
        ("SCAN_N", Value::Number(0.0)),
        ("SC_DATA_ACTIVE", Value::Number(1.0)),
        ("SC_PLOT_ACTIVE", Value::Number(1.0)),
        ("_SC_NEWPLOTDATA", Value::Number(0.0)),
        ("_SC_NEWSCAN", Value::Number(0.0)),
        ("_SC_NEWSCANDATA", Value::Number(0.0)),
        ("ATT_FACTOR", Value::Number(100.0)),
        ("AUTO_CENTRING_FLAG", Value::Number(0.0)),
        ("CURRENT_IMAGE_INTENSITY", Value::Number(0.0)),
        ("KAPPA_IN_USE", Value::Number(1.0)),
        ("MATT_STATE", Value::Number(0.0)),
        ("MS_STATE", Value::text("closed")),
        (interlock::FLAGS, Value::Number(flags)),
        ("eprodc_energy_scan_msg", Value::text("")),
        ("hc_over_e", Value::Number(12.398_419_84)),
        ("XFE_CALIB", Value::Array(Array::row(vec![0.0, 0.02, 0.0]))),
        ("XFE_DATA", Value::Array(Array::row(vec![0_u32; 1024]))),
    ];
    all.extend(collection());
    all
}

/// What a data collection is told and how it answers.
fn collection() -> Vec<(&'static str, Value)> {
    let assoc = |elements: &[(&str, &str)]| {
        let assoc = elements.iter().fold(Assoc::new(), |all, (key, value)| all.with(*key, *value));
        Value::Assoc(assoc)
    };
    let mut wanted = assoc(&[
        ("TakeDarkFlag", "0"),
        ("current_phi", "0"),
        ("directory", "/tmp/mxspecsim"),
        ("prefix", "sim"),
        ("run_number", "1"),
        ("start", "0"),
        ("range", "1"),
        ("number_of_images", "3"),
        ("exposure_time", "1"),
        ("escan_dir", "/tmp/mxspecsim"),
        ("escan_prefix", "sim"),
    ]);
    if let Value::Assoc(wanted) = &mut wanted {
        wanted.set("filename", "");
    }
    vec![
        ("BCM_PARS", assoc(&[("beamline", "a simulator"), ("detector", "simulated")])),
        ("COLLECT_PARS", assoc(&[])),
        ("COLLECT_SEQ", assoc(&[])),
        ("HELICAL_PARS", assoc(&[("on", "0")])),
        ("MXBCM_PARS", assoc(&[("beamline", "a simulator")])),
        ("MXCOLLECT_PARS", wanted),
        ("SPEC_PARS", assoc(&[])),
        ("XFE_CONFIG", assoc(&[("channels", "1024"), ("exposure", "2")])),
    ]
}
