//! The kinds of a few plugins that do not exist, with real schemas: what the tests check layouts
//! against and what they document.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use brickwork_layout::Kinds;
use brickwork_sdk::interface::Interface;
use brickwork_sdk::interfaces::{camera, motor};
use brickwork_sdk::protocol::{ConfigProblem, KindInfo, PluginInfo};
use brickwork_sdk::{Role, Value, from_value, to_value};
use schemars::{JsonSchema, schema_for};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A session with spec.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Session {
    /// The host and the session: "lid144:eh4".
    at: String,
    /// How long spec may take to answer, in seconds.
    #[schemars(range(min = 0.1, max = 60))]
    timeout_secs: Option<f64>,
}

/// The unit of a motor.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Millimetres.
    #[default]
    Mm,
    /// Micrometres.
    Um,
    /// Degrees.
    Deg,
    /// Milliradians.
    Mrad,
}

/// A motor that spec drives.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SpecMotor {
    /// Its name in spec.
    mnemonic: String,
    /// The unit of its positions.
    #[serde(default)]
    unit: Unit,
    /// How often its position is read, in Hz.
    #[serde(default = "default_poll_hz")]
    #[schemars(range(min = 1, max = 100))]
    poll_hz: u32,
}

fn default_poll_hz() -> u32 {
    10
}

/// A simulated motor.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SimMotor {
    /// Where it is at first.
    position: f64,
    /// The lowest and the highest position.
    limits: (f64, f64),
    /// How fast it moves, in its unit per second.
    #[schemars(extend("exclusiveMinimum" = 0))]
    velocity: f64,
    /// mm, um, deg or mrad.
    unit: String,
}

impl Default for SimMotor {
    fn default() -> Self {
        Self { position: 0.0, limits: (-180.0, 180.0), velocity: 20.0, unit: "deg".into() }
    }
}

/// What a camera sends.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// All pictures.
    Stream,
    /// One picture each so many seconds.
    Every(f64),
    /// Pictures of so many pixels in one, across and down.
    Binned(u8, u8),
    /// A part of the picture.
    Region {
        /// Pixels from the left.
        x: u32,
        /// Pixels from the top.
        y: u32,
    },
}

/// Who looks at a camera.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Login {
    /// The user.
    user: String,
    /// The file with the password.
    password_file: String,
}

/// A camera.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Camera {
    /// Where the pictures are.
    #[schemars(example = "http://axis/mjpg/video.mjpg")]
    url: String,
    /// What it sends.
    mode: Mode,
    /// Who looks at it.
    login: Option<Login>,
}

impl Default for Camera {
    fn default() -> Self {
        Self { url: "http://axis-eh4/mjpg/video.mjpg".into(), mode: Mode::Stream, login: None }
    }
}

/// One axis of a diffractometer: its motor and its direction.
#[derive(Serialize, Deserialize, JsonSchema)]
pub enum Axis {
    /// It turns about the direction.
    Rotation(String, (f64, f64, f64)),
    /// It moves along the direction.
    Translation(String, (f64, f64, f64)),
}

/// A diffractometer.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Diffractometer {
    /// The axes from the floor to the sample.
    axes: Vec<Axis>,
    /// Where each motor stands when the sample is centred.
    home: BTreeMap<String, f64>,
    /// The beam in the picture, in pixels.
    beam: Option<(u32, u32)>,
}

/// A column of a table.
#[derive(Serialize, Deserialize, JsonSchema)]
pub enum Column {
    /// Where it is.
    Position,
    /// Where it may go.
    Limits,
    /// What it does.
    State,
}

/// A table of motors.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Table {
    /// The first step.
    #[schemars(extend("exclusiveMinimum" = 0))]
    step: f64,
    /// What it shows.
    #[schemars(length(min = 1))]
    columns: Vec<Column>,
}

impl Default for Table {
    fn default() -> Self {
        Self { step: 1.0, columns: vec![Column::Position, Column::State] }
    }
}

/// A kind whose plugin also has checks of its own.
struct Kind {
    info: KindInfo,
    check: fn(Value) -> Vec<ConfigProblem>,
}

impl Kind {
    fn new<C: DeserializeOwned + JsonSchema>(kind: &str, help: &str) -> Self {
        let config = to_value(&schema_for!(C)).expect("a schema is plain data");
        let info = KindInfo { kind: kind.into(), help: help.into(), config, ..KindInfo::default() };
        Self { info, check: |config| read::<C>(config).err().into_iter().collect() }
    }

    fn serves(mut self, interface: &str, version: u32) -> Self {
        self.info.serves.push((interface.into(), version));
        self
    }

    fn role(mut self, role: Role) -> Self {
        self.info.roles.push(role);
        self
    }
}

/// Reads a config as a plugin would.
fn read<C: DeserializeOwned>(config: Value) -> Result<C, ConfigProblem> {
    let config = if config == Value::Null { Value::map::<&str>([]) } else { config };
    let is_empty = config == Value::map::<&str>([]);
    from_value(config)
        .or_else(|error| if is_empty { from_value(Value::Null) } else { Err(error) })
        .map_err(|error| ConfigProblem::at("", error.0))
}

/// What `sim.motor` says of limits in the wrong order.
fn check_sim_motor(config: Value) -> Vec<ConfigProblem> {
    match read::<SimMotor>(config) {
        Ok(SimMotor { limits: (low, high), .. }) if low >= high => {
            vec![ConfigProblem::at("limits", format!("the low limit {low} is not below the high limit {high}"))]
        }
        Ok(SimMotor { unit, .. }) if !["mm", "um", "deg", "mrad"].contains(&unit.as_str()) => {
            let choices = ["mm", "um", "deg", "mrad"].map(String::from).into();
            vec![ConfigProblem { choices, ..ConfigProblem::at("unit", format!("{unit:?} is no unit of a motor")) }]
        }
        Ok(_) => Vec::new(),
        Err(problem) => vec![problem],
    }
}

static OBJECTS: LazyLock<Vec<Kind>> = LazyLock::new(|| {
    vec![
        Kind::new::<Session>("spec.session", "A session with spec.").serves("spec_session", 1),
        Kind::new::<SpecMotor>("spec.motor", "A motor that spec drives.")
            .serves("motor", 1)
            .role(Role::one("session", "spec_session").help("The session that knows it.")),
        Kind { check: check_sim_motor, ..Kind::new::<SimMotor>("sim.motor", "A simulated motor.").serves("motor", 2) },
        Kind::new::<()>("sim.follower", "A motor that goes where another one goes.")
            .serves("motor", 2)
            .role(Role::optional("leader", "motor").at_least(2).help("The motor that it follows.")),
        Kind::new::<Camera>("camera.mjpeg", "A camera with an MJPEG stream.").serves("camera", 1),
        Kind::new::<Diffractometer>("minidiff.diffractometer", "A diffractometer with its microscope.")
            .serves("diffractometer", 1)
            .role(Role::one("omega", "motor").help("The axis that turns while data are taken."))
            .role(Role::one("camera", "camera")),
    ]
});

static BRICKS: LazyLock<Vec<Kind>> = LazyLock::new(|| {
    vec![
        Kind::new::<()>("minidiff.sample_view", "The microscope picture with the beam.")
            .role(Role::one("diffractometer", "diffractometer")),
        Kind::new::<Table>("motors.table", "Motors in rows.").role(Role::many("motors", "motor")),
        Kind::new::<()>("status.list", "The state of any objects.")
            .role(Role::many("objects", "object").help("What is listed, in order.")),
    ]
});

/// The kinds of the plugins.
pub struct TestKinds;

fn find<'k>(kinds: &'k [Kind], kind: &str) -> Option<&'k Kind> {
    kinds.iter().find(|known| known.info.kind == kind)
}

fn names(kinds: &[Kind]) -> Vec<String> {
    kinds.iter().map(|kind| kind.info.kind.clone()).collect()
}

impl Kinds for TestKinds {
    fn object(&self, kind: &str) -> Option<KindInfo> {
        find(&OBJECTS, kind).map(|kind| kind.info.clone())
    }

    fn brick(&self, kind: &str) -> Option<KindInfo> {
        find(&BRICKS, kind).map(|kind| kind.info.clone())
    }

    fn object_kinds(&self) -> Vec<String> {
        names(&OBJECTS)
    }

    fn brick_kinds(&self) -> Vec<String> {
        names(&BRICKS)
    }

    fn check_config(&self, kind: &str, config: &Value) -> Vec<ConfigProblem> {
        let kind = find(&OBJECTS, kind).or_else(|| find(&BRICKS, kind));
        kind.map(|kind| (kind.check)(config.clone())).unwrap_or_default()
    }
}

/// The schema of every kind.
pub fn schemas() -> impl Iterator<Item = &'static Value> {
    OBJECTS.iter().chain(BRICKS.iter()).map(|kind| &kind.info.config)
}

/// The plugins, as the host knows them.
pub fn plugins() -> Vec<PluginInfo> {
    let of = |name: &str, interfaces: Vec<Interface>| {
        let own = |kinds: &[Kind]| -> Vec<KindInfo> {
            let is_own = |kind: &&Kind| kind.info.kind.split('.').next() == Some(name);
            kinds.iter().filter(is_own).map(|kind| kind.info.clone()).collect()
        };
        PluginInfo {
            name: format!("brickwork-{name}"),
            version: "0.1.0".into(),
            objects: own(&OBJECTS),
            bricks: own(&BRICKS),
            interfaces,
        }
    };
    let newer = Interface { version: 2, ..motor::interface() };
    vec![
        of("camera", vec![camera::interface()]),
        of("minidiff", Vec::new()),
        of("motors", Vec::new()),
        of("sim", vec![newer]),
        of("spec", vec![motor::interface()]),
        of("status", Vec::new()),
    ]
}
