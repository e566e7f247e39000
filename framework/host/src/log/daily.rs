//! A log file for each day, by local time as the lines in it are.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use jiff::Zoned;
use jiff::civil::Date;

/// Days for which log files are kept.
const DAYS: usize = 14;

/// Writes to the file of the day, `NAME.YYYY-MM-DD.log`.
pub struct Daily {
    folder: PathBuf,
    name: String,
    today: fn() -> Date,
    open: Option<(Date, File)>,
}

impl Daily {
    /// Opens the file of today.
    ///
    /// # Errors
    /// When that cannot be done.
    pub fn open(folder: &Path, name: &str) -> io::Result<Self> {
        Self::by(folder, name, || Zoned::now().date())
    }

    fn by(folder: &Path, name: &str, today: fn() -> Date) -> io::Result<Self> {
        let mut daily = Self { folder: folder.into(), name: name.into(), today, open: None };
        daily.file()?;
        Ok(daily)
    }

    fn file(&mut self) -> io::Result<&mut File> {
        let today = (self.today)();
        if self.open.as_ref().is_none_or(|(day, _)| *day != today) {
            let path = self.folder.join(format!("{}.{today}.log", self.name));
            // One that cannot be opened leaves that of yesterday.
            match OpenOptions::new().create(true).append(true).mode(0o600).open(path) {
                Ok(file) => {
                    self.open = Some((today, file));
                    self.forget();
                }
                Err(error) if self.open.is_none() => return Err(error),
                Err(_) => {}
            }
        }
        let (_, file) = self.open.as_mut().expect("it was opened above, or earlier");
        Ok(file)
    }

    /// Removes all but the newest files.
    fn forget(&self) {
        let prefix = format!("{}.", self.name);
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
        let mut ours: Vec<String> = names.filter(|name| is_of_a_day(name, &prefix)).collect();
        ours.sort();
        let old = ours.len().saturating_sub(DAYS);
        for name in &ours[..old] {
            // It is tried again tomorrow.
            let _ = fs::remove_file(self.folder.join(name));
        }
    }
}

fn is_of_a_day(name: &str, prefix: &str) -> bool {
    let day = name.strip_prefix(prefix).and_then(|rest| rest.strip_suffix(".log"));
    day.is_some_and(|day| day.parse::<Date>().is_ok())
}

impl Write for Daily {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file()?.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file()?.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI8, Ordering};

    use super::*;

    #[test]
    fn each_day_has_its_file_and_old_ones_go() {
        static DAY: AtomicI8 = AtomicI8::new(1);
        let folder = std::env::temp_dir().join(format!("brickwork-daily-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("the temporary folder can be written");
        fs::write(folder.join("a.engine.stderr"), "kept").expect("the folder is ours");
        let mut daily = Daily::by(&folder, "a.engine", || Date::constant(2026, 2, DAY.load(Ordering::Relaxed)))
            .expect("the folder is ours");
        for day in 1..=20 {
            DAY.store(day, Ordering::Relaxed);
            writeln!(daily, "day {day}").expect("the folder is ours");
        }
        let text = |name: &str| fs::read_to_string(folder.join(name)).ok();
        assert_eq!(text("a.engine.2026-02-20.log").as_deref(), Some("day 20\n"));
        assert_eq!(text("a.engine.2026-02-07.log").as_deref(), Some("day 7\n"));
        assert_eq!(text("a.engine.2026-02-06.log"), None);
        assert_eq!(text("a.engine.stderr").as_deref(), Some("kept"));
        fs::remove_dir_all(folder).expect("the folder is ours");
    }
}
