//! What a layout says of one camera, and the mistakes that can be found in it before anything is
//! opened. The object reads it once, when it is made.

use std::path::PathBuf;
use std::time::Duration;

use brickwork_mjpeg::CameraUrl;
use brickwork_sdk::ConfigProblem;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The config of `camera.mjpeg`. The password itself stands in a file, never in a layout.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where the pictures are: `http://host[:port]/path`, an MJPEG stream or a JPEG still.
    #[schemars(example = "http://camera/mjpg/video.mjpg")]
    pub url: String,
    /// The user for HTTP Basic.
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

/// With the engine's own delay, a lost camera is seen as lost within 2 s.
fn default_stale_after_secs() -> f64 {
    1.5
}

fn default_connect_timeout_secs() -> f64 {
    2.0
}

/// The shortest and the longest time limit, in seconds: a limit that is never reached is none.
const LIMITS_SECS: (f64, f64) = (0.1, 60.0);

impl Config {
    /// Every mistake in it.
    pub fn problems(&self) -> Vec<ConfigProblem> {
        let url = CameraUrl::parse(&self.url).err().map(|error| problem("url", error.to_string()));
        let limits = [("stale_after_secs", self.stale_after_secs), ("connect_timeout_secs", self.connect_timeout_secs)];
        let limits = limits.into_iter().filter(|(_, secs)| !(LIMITS_SECS.0..=LIMITS_SECS.1).contains(secs));
        let limits = limits.map(|(path, secs)| {
            problem(path, format!("{secs} s is not a time from {} to {} s", LIMITS_SECS.0, LIMITS_SECS.1))
        });
        url.into_iter().chain(self.login_problem()).chain(limits).collect()
    }

    fn login_problem(&self) -> Option<ConfigProblem> {
        match (&self.user, &self.password_file) {
            (None, None) => None,
            (Some(_), None) => {
                Some(problem("user", "a user needs `password_file`: a file of mode 0600 with the password"))
            }
            (None, Some(_)) => Some(problem("password_file", "a password needs `user`")),
            (Some(user), _) if user.is_empty() => Some(problem("user", "the user is empty")),
            (Some(user), _) if user.contains(|c: char| c == ':' || c.is_control()) => {
                Some(problem("user", "HTTP Basic cannot carry a user with a colon or a control character"))
            }
            (_, Some(file)) if !file.is_absolute() => {
                Some(problem("password_file", "the whole path is needed, beginning with `/`"))
            }
            _ => None,
        }
    }

    /// How long a live camera may send nothing. The config has no problems.
    pub fn stale_after(&self) -> Duration {
        Duration::from_secs_f64(self.stale_after_secs)
    }

    /// The time limit of a connection. The config has no problems.
    pub fn connect_timeout(&self) -> Duration {
        Duration::from_secs_f64(self.connect_timeout_secs)
    }
}

fn problem(path: &str, message: impl Into<String>) -> ConfigProblem {
    ConfigProblem { path: path.into(), message: message.into(), choices: Vec::new() }
}
