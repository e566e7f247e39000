//! What a layout says of one camera, and the mistakes that can be found in it before anything is
//! opened. An object reads it once, when it is made. The password itself stands in a file, never in a layout.

use std::path::PathBuf;
use std::time::Duration;

use brickwork_mjpeg::{Afterwards, CameraUrl};
use brickwork_sdk::ConfigProblem;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The config of `camera.mjpeg`.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MjpegConfig {
    /// Where the pictures are: `http://host[:port]/path`, an MJPEG stream or a JPEG still.
    #[schemars(example = "http://camera/mjpg/video.mjpg")]
    pub url: String,
    /// The user for HTTP Basic or Digest, whichever the camera asks for.
    #[serde(default)]
    pub user: Option<String>,
    /// The file that holds the user's password and nothing else; mode 0600.
    #[serde(default)]
    pub password_file: Option<PathBuf>,
    /// A live camera that sends no picture for so long is lost.
    #[serde(default = "default_stale_after_secs")]
    pub stale_after_secs: f64,
    /// How long the camera may take to accept a connection, and again until its first picture.
    #[serde(default = "default_connect_timeout_secs")]
    pub connect_timeout_secs: f64,
}

/// The config of `camera.stills`.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StillsConfig {
    /// What answers with one JPEG picture: `http://host[:port]/path`.
    #[schemars(example = "http://camera/axis-cgi/jpg/image.cgi")]
    pub url: String,
    /// The user for HTTP Basic or Digest, whichever the camera asks for.
    #[serde(default)]
    pub user: Option<String>,
    /// The file that holds the user's password and nothing else; mode 0600.
    #[serde(default)]
    pub password_file: Option<PathBuf>,
    /// How long from asking for one picture to asking for the next. A slow camera is asked as soon as it has answered,
    /// never before.
    #[serde(default = "default_period_secs")]
    pub period_secs: f64,
    /// A camera that takes longer to answer with a picture is lost.
    #[serde(default = "default_answer_timeout_secs")]
    pub answer_timeout_secs: f64,
    /// How long the camera may take to accept a connection, and again until its first picture.
    #[serde(default = "default_connect_timeout_secs")]
    pub connect_timeout_secs: f64,
}

/// With the engine's own delay, a lost camera is seen as lost within 2 s.
fn default_stale_after_secs() -> f64 {
    1.5
}

fn default_period_secs() -> f64 {
    0.2
}

fn default_answer_timeout_secs() -> f64 {
    1.5
}

fn default_connect_timeout_secs() -> f64 {
    2.0
}

/// The shortest and the longest time limit, in seconds: a limit that is never reached is none.
const LIMITS_SECS: (f64, f64) = (0.1, 60.0);
/// The shortest and the longest period of stills, in seconds: no camera takes more than 50 requests in a second.
const PERIODS_SECS: (f64, f64) = (0.02, 60.0);
/// How often a stream that turns out to be a still is asked for the next.
const STILL_OF_STREAM_SECS: f64 = 0.1;

/// Both configs in one shape: what a source of pictures goes by.
#[derive(Clone)]
pub struct Settings {
    /// Where the pictures are.
    pub url: String,
    /// Who looks at them.
    pub user: Option<String>,
    /// Where the password is.
    pub password_file: Option<PathBuf>,
    /// What becomes of the connection behind a still.
    pub afterwards: Afterwards,
    connect_timeout: Time,
    picture_timeout: Time,
    period: Time,
}

/// A time in the config: its field, seconds, and the least and the most.
#[derive(Clone)]
struct Time(&'static str, f64, (f64, f64));

impl From<MjpegConfig> for Settings {
    fn from(config: MjpegConfig) -> Self {
        Self {
            url: config.url,
            user: config.user,
            password_file: config.password_file,
            afterwards: Afterwards::Close,
            connect_timeout: Time("connect_timeout_secs", config.connect_timeout_secs, LIMITS_SECS),
            picture_timeout: Time("stale_after_secs", config.stale_after_secs, LIMITS_SECS),
            period: Time("", STILL_OF_STREAM_SECS, PERIODS_SECS),
        }
    }
}

impl From<StillsConfig> for Settings {
    fn from(config: StillsConfig) -> Self {
        Self {
            url: config.url,
            user: config.user,
            password_file: config.password_file,
            afterwards: Afterwards::KeepOpen,
            connect_timeout: Time("connect_timeout_secs", config.connect_timeout_secs, LIMITS_SECS),
            picture_timeout: Time("answer_timeout_secs", config.answer_timeout_secs, LIMITS_SECS),
            period: Time("period_secs", config.period_secs, PERIODS_SECS),
        }
    }
}

impl Settings {
    /// Every mistake in it.
    pub fn problems(&self) -> Vec<ConfigProblem> {
        let url = CameraUrl::parse(&self.url).err().map(|error| ConfigProblem::at("url", error.to_string()));
        let times = [&self.period, &self.picture_timeout, &self.connect_timeout];
        let times = times.into_iter().filter_map(|Time(field, secs, (least, most))| {
            let why = || format!("{secs} s is not a time from {least} to {most} s");
            (!(*least..=*most).contains(secs)).then(|| ConfigProblem::at(*field, why()))
        });
        url.into_iter().chain(self.login_problem()).chain(times).collect()
    }

    fn login_problem(&self) -> Option<ConfigProblem> {
        let problem = |field, why: &str| Some(ConfigProblem::at(field, why));
        match (&self.user, &self.password_file) {
            (None, None) => None,
            (Some(_), None) => problem("user", "a user needs `password_file`: a file of mode 0600 with the password"),
            (None, Some(_)) => problem("password_file", "a password needs `user`"),
            (Some(user), _) if user.is_empty() => problem("user", "the user is empty"),
            (Some(user), _) if user.contains(|c: char| c == ':' || c.is_control()) => {
                problem("user", "HTTP cannot carry a user with a colon or a control character")
            }
            (_, Some(file)) if !file.is_absolute() => {
                problem("password_file", "the whole path is needed, beginning with `/`")
            }
            _ => None,
        }
    }

    /// The time limit of a connection, and of its first picture. There are no problems.
    pub fn connect_timeout(&self) -> Duration {
        Duration::from_secs_f64(self.connect_timeout.1)
    }

    /// How long a live camera may send nothing although it should, and the field that says so. There are no problems.
    pub fn picture_timeout(&self) -> (&'static str, Duration) {
        (self.picture_timeout.0, Duration::from_secs_f64(self.picture_timeout.1))
    }

    /// How long from asking for one still to asking for the next. There are no problems.
    pub fn period(&self) -> Duration {
        Duration::from_secs_f64(self.period.1)
    }
}
