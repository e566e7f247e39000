//! One scan as it grows: what it is, its points, and whether it goes on. The scan object keeps one and publishes it; it
//! is made of the events of three variables and of `status/ready`, in any order.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::python::Python;

/// The most points of a scan that are kept; of more, the last ones are left out, and it is said so.
pub const MAX_POINTS: usize = 20_000;

/// What a scan is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScanState {
    /// None has been seen.
    #[default]
    None,
    /// It goes on.
    Running,
    /// It was interrupted by `^C` and can be resumed: spec is at its prompt.
    Interrupted,
    /// It has come to its end.
    Finished,
}

/// What a scan is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ScanInfo {
    /// What it is doing.
    pub state: ScanState,
    /// Its number and kind, as spec says it.
    pub title: String,
    /// The command that began it, if it is told.
    pub command: String,
    /// What is moved, by its name for people.
    pub x_label: String,
    /// What is moved, by its mnemonic.
    pub motor: String,
    /// The counters that spec plots, by mnemonic.
    pub counters: Vec<String>,
    /// How many points it will have; 0 when it is not told.
    pub expected: u32,
    /// What is wrong with what spec told, in a sentence; empty when nothing is.
    pub problem: String,
}

/// The points of a scan: each list is as long as `x`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ScanData {
    /// Where each point was taken.
    pub x: Vec<f64>,
    /// What each counter had, by mnemonic; not a number where it is not told.
    pub y: BTreeMap<String, Vec<f64>>,
}

/// One scan as it grows.
#[derive(Default)]
pub struct Record {
    pub info: ScanInfo,
    pub data: ScanData,
    /// The number of each point, as spec counts.
    numbers: Vec<i64>,
    /// Whether spec says that a scan goes on, and whether it is at its prompt.
    has_scan: bool,
    at_prompt: bool,
}

impl Record {
    /// `_SC_NEWSCAN`: a dictionary begins a scan, 0 ends it.
    pub fn new_scan(&mut self, text: &str) {
        if matches!(text.trim(), "" | "0") {
            self.has_scan = false;
            return self.settle();
        }
        let (entries, problem) = Python::entries(text);
        let at_prompt = self.at_prompt;
        *self = Self { has_scan: true, at_prompt, ..Self::default() };
        let get = |name: &str| entries.iter().find(|(key, _)| key == name).map(|(_, value)| value);
        let word = |name: &str| get(name).and_then(Python::text).unwrap_or_default();
        self.info.title = word("title");
        self.info.x_label = word("xlabel");
        self.info.motor = word("motor");
        self.info.counters = word("counter").split_whitespace().map(str::to_owned).collect();
        self.info.problem = problem.map(|why| format!("spec told it wrong: {why}")).unwrap_or_default();
        if let Some(Python::Dict(phynx)) = get("phynx")
            && let Some((_, Python::Dict(info))) = phynx.iter().find(|(key, _)| key == "info")
        {
            let get = |name: &str| info.iter().find(|(key, _)| key == name).map(|(_, value)| value);
            self.info.command = get("acquisition_command").and_then(Python::text).unwrap_or_default();
            self.info.expected = get("npoints").and_then(Python::number).unwrap_or(0.0) as u32;
        }
        self.settle();
    }

    /// `status/ready`.
    pub fn prompt(&mut self, at_prompt: bool) {
        self.at_prompt = at_prompt;
        self.settle();
    }

    fn settle(&mut self) {
        self.info.state = match (self.has_scan, self.at_prompt, self.info.state) {
            (true, false, _) => ScanState::Running,
            (true, true, _) => ScanState::Interrupted,
            (false, _, ScanState::None) => ScanState::None,
            (false, _, _) => ScanState::Finished,
        };
    }

    /// `_SC_NEWPLOTDATA`: a point with what spec plots; whether it was one of the scan.
    pub fn plot_point(&mut self, text: &str) -> bool {
        self.point(text, |name| match name {
            "i" => Part::Number,
            "x" => Part::X,
            name => Part::Y(name.to_owned()),
        })
    }

    /// `_SC_NEWSCANDATA`: a point with all that was measured; whether it was one of the scan.
    pub fn data_point(&mut self, text: &str) -> bool {
        let motor = self.info.motor.clone();
        self.point(text, move |name| match name.strip_prefix("scalar_data/") {
            Some("i") => Part::Number,
            Some(name) if name == motor => Part::X,
            Some("epoch") | None => Part::Other,
            Some(name) => Part::Y(name.to_owned()),
        })
    }

    fn point(&mut self, text: &str, part: impl Fn(&str) -> Part) -> bool {
        if !self.has_scan || matches!(text.trim(), "" | "0") {
            return false;
        }
        let (entries, problem) = Python::entries(text);
        if let Some(why) = problem {
            self.info.problem = format!("spec told a point wrong: {why}");
        }
        let (mut number, mut x, mut y) = (None, None, Vec::new());
        for (name, value) in entries {
            let Some(value) = value.number() else { continue };
            match part(&name) {
                Part::Number => number = Some(value as i64),
                Part::X => x = Some(value),
                Part::Y(counter) => y.push((counter, value)),
                Part::Other => {}
            }
        }
        let Some(number) = number else { return false };
        self.put(number, x, y)
    }

    /// Puts a point behind the others, or adds to it what else is told of it.
    fn put(&mut self, number: i64, x: Option<f64>, y: Vec<(String, f64)>) -> bool {
        let known = self.numbers.iter().rposition(|known| *known == number);
        let at = known.unwrap_or(self.numbers.len());
        if at == MAX_POINTS {
            self.info.problem = format!("only the first {MAX_POINTS} points are shown");
            return false;
        }
        if known.is_none() {
            self.numbers.push(number);
            self.data.x.push(f64::NAN);
            self.data.y.values_mut().for_each(|values| values.push(f64::NAN));
        }
        let count = self.numbers.len();
        if let Some(x) = x {
            self.data.x[at] = x;
        }
        for (counter, value) in y {
            self.data.y.entry(counter).or_insert_with(|| vec![f64::NAN; count])[at] = value;
        }
        true
    }
}

/// What an entry of a point is.
enum Part {
    Number,
    X,
    Y(String),
    Other,
}

#[cfg(test)]
mod tests {
    use super::{Record, ScanState};

    const NEW: &str = "{'title':'Scan 7', 'xlabel':'Phi', 'motor':'phi', 'counter':' det mon', \
                       'phynx':{'info':{'acquisition_command':'ascan phi 0 1 2 0.1', 'npoints':3}}}";

    #[test]
    fn a_scan_begins_with_its_description_grows_and_ends_with_0() {
        let mut record = Record::default();
        record.prompt(false);
        record.new_scan(NEW);
        let info = record.info.clone();
        assert_eq!((info.title.as_str(), info.motor.as_str(), info.expected), ("Scan 7", "phi", 3));
        assert_eq!((info.command.as_str(), info.counters), ("ascan phi 0 1 2 0.1", vec!["det".into(), "mon".into()]));
        assert!(record.plot_point("{'i':0, 'x':0, 'det':5, }"));
        assert!(record.plot_point("{'i':1, 'x':0.5, 'det':6, }"));
        assert_eq!((record.data.x.clone(), record.data.y["det"].clone()), (vec![0.0, 0.5], vec![5.0, 6.0]));
        assert_eq!(record.info.state, ScanState::Running);
        record.new_scan("0");
        assert_eq!(record.info.state, ScanState::Finished);
        assert!(!record.plot_point("{'i':2, 'x':1, 'det':7}"), "it has ended");
    }

    #[test]
    fn both_variables_tell_of_one_point() {
        let mut record = Record::default();
        record.new_scan(NEW);
        record.plot_point("{'i':0, 'x':0.1, 'det':5}");
        record.data_point("{'scalar_data/i':0, 'scalar_data/phi':0.1, 'scalar_data/mon':9, 'scalar_data/epoch':1e9}");
        record.data_point("{'scalar_data/i':1, 'scalar_data/phi':0.2, 'scalar_data/mon':8}");
        assert_eq!(record.data.x, [0.1, 0.2]);
        assert_eq!(record.data.y["mon"], [9.0, 8.0]);
        assert!(record.data.y["det"][1].is_nan(), "it was not told");
        assert!(!record.data.y.contains_key("epoch"));
    }

    #[test]
    fn a_scan_is_interrupted_when_spec_is_at_its_prompt_and_goes_on_afterwards() {
        let mut record = Record::default();
        assert_eq!(record.info.state, ScanState::None);
        record.new_scan(NEW);
        record.prompt(true);
        assert_eq!(record.info.state, ScanState::Interrupted);
        record.prompt(false);
        assert_eq!(record.info.state, ScanState::Running);
    }

    #[test]
    fn what_is_told_wrong_is_said() {
        let mut record = Record::default();
        record.new_scan("{'motor':'phi', 'title':'it's'}");
        assert!(record.info.problem.contains("told it wrong") && record.info.motor == "phi", "{}", record.info.problem);
        assert!(!record.plot_point("nonsense"));
        assert!(record.info.problem.contains("a point wrong"));
    }
}
