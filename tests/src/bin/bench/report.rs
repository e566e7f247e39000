//! What a bench found: figures with their aims for the reader, and every sample in a file.

use std::path::PathBuf;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};

use crate::Outcome;

/// What a figure should be.
#[derive(Clone, Copy)]
pub enum Aim {
    /// At least this.
    AtLeast(f64),
    /// At most this.
    AtMost(f64),
    /// It is only told.
    None,
}

struct Figure {
    key: &'static str,
    number: f64,
    aim: Aim,
}

/// The figures and samples of one run.
pub struct Report {
    bench: &'static str,
    seed: u64,
    figures: Vec<Figure>,
    samples: Map<String, Value>,
}

impl Report {
    /// Nothing found yet.
    pub fn new(bench: &'static str, seed: u64) -> Self {
        let mut samples = Map::new();
        samples.insert("load_at_start".into(), json!(load()));
        Self { bench, seed, figures: Vec::new(), samples }
    }

    /// Adds a figure.
    pub fn figure(&mut self, key: &'static str, number: f64, aim: Aim) {
        self.figures.push(Figure { key, number, aim });
    }

    /// Keeps the samples behind the figures.
    pub fn samples(&mut self, key: &str, samples: impl serde::Serialize) {
        self.samples.insert(key.into(), json!(samples));
    }

    /// Writes the samples and prints the figures.
    pub fn finish(mut self, json_line: bool) -> Outcome {
        self.samples.insert("load_at_end".into(), json!(load()));
        let figures: Map<String, Value> =
            self.figures.iter().map(|f| (f.key.to_owned(), json!(rounded(f.number)))).collect();
        let file = self.write(&figures)?;
        println!("{:<34}{:>14}   aim", self.bench, "");
        for Figure { key, number, aim } in &self.figures {
            let (words, met) = match aim {
                Aim::AtLeast(least) => (format!(">= {least}"), number >= least),
                Aim::AtMost(most) => (format!("<= {most}"), number <= most),
                Aim::None => (String::new(), true),
            };
            println!("{key:<34}{:>14}   {words}{}", rounded(*number), if met { "" } else { "   missed" });
        }
        println!("samples in {}", file.display());
        if json_line {
            println!("{}", json!({"bench": self.bench, "figures": figures}));
        }
        Ok(())
    }

    fn write(&self, figures: &Map<String, Value>) -> Outcome<PathBuf> {
        let folder = std::env::current_dir()?.join("target/bench");
        std::fs::create_dir_all(&folder)?;
        let unix_secs = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let file = folder.join(format!("{}-{unix_secs}.json", self.bench));
        let content = json!({
            "bench": self.bench,
            "commit": commit(),
            "seed": self.seed,
            "unix_secs": unix_secs,
            "cores": std::thread::available_parallelism().map_or(0, usize::from),
            "figures": figures,
            "samples": self.samples,
        });
        std::fs::write(&file, serde_json::to_vec(&content)?)?;
        Ok(file)
    }
}

/// The commit that was measured, marked where the work tree differs from it.
fn commit() -> String {
    let described = Command::new("git").args(["describe", "--always", "--dirty", "--abbrev=12"]).output();
    described.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default()
}

/// How busy the machine is: a figure of a machine that works for others as well is worth less.
fn load() -> String {
    std::fs::read_to_string("/proc/loadavg").unwrap_or_default().trim().to_owned()
}

fn rounded(number: f64) -> f64 {
    let digits = if number.abs() >= 100.0 { 1.0 } else { 1000.0 };
    (number * digits).round() / digits
}

/// The value that `percent` of the samples do not exceed; NaN without samples.
pub fn percentile(samples: &[f64], percent: f64) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (percent / 100.0 * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or(f64::NAN)
}
