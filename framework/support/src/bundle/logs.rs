//! The newest log files of one layout.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use brickwork_link::{layout_name, state_folder};

/// The newest files of each process that are taken.
const NEWEST: usize = 2;
/// The last bytes of a file that are taken.
const MOST: u64 = 1 << 20;

/// The ends of the newest files of engine and shell, by name.
pub fn newest(layout: &Path) -> Vec<(String, String)> {
    let name = layout_name(layout);
    ["engine", "shell"].iter().flat_map(|process| newest_of(&format!("{name}.{process}."))).collect()
}

fn newest_of(prefix: &str) -> Vec<(String, String)> {
    let entries = std::fs::read_dir(state_folder().join("log")).into_iter().flatten().flatten();
    let files = entries.filter_map(|entry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        let written = entry.metadata().ok()?.modified().ok()?;
        name.starts_with(prefix).then(|| (written, name, entry.path()))
    });
    let mut files: Vec<(SystemTime, String, PathBuf)> = files.collect();
    // What an engine said outside of its log comes beside the logs.
    let (errors, mut logs): (Vec<_>, Vec<_>) = files.drain(..).partition(|(_, name, _)| name.ends_with("stderr"));
    logs.sort_by(|a, b| b.cmp(a));
    logs.truncate(NEWEST);
    logs.into_iter().chain(errors).map(|(_, name, path)| (name, end_of(&path))).collect()
}

/// The end of a file, from the beginning of a line on.
fn end_of(path: &Path) -> String {
    let read = || -> std::io::Result<(u64, Vec<u8>)> {
        let mut file = File::open(path)?;
        let skipped = file.metadata()?.len().saturating_sub(MOST);
        file.seek(SeekFrom::Start(skipped))?;
        let mut bytes = Vec::new();
        file.take(MOST).read_to_end(&mut bytes)?;
        Ok((skipped, bytes))
    };
    match read() {
        Ok((0, bytes)) => String::from_utf8_lossy(&bytes).into_owned(),
        Ok((skipped, bytes)) => {
            let text = String::from_utf8_lossy(&bytes);
            let whole = text.split_once('\n').map_or("", |(_, rest)| rest);
            format!("({skipped} bytes before this are left out)\n{whole}")
        }
        Err(error) => format!("it cannot be read: {error}\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_long_file_the_end_is_taken_in_whole_lines_and_the_rest_is_said() {
        let file = std::env::temp_dir().join(format!("brickwork-long-{}.log", std::process::id()));
        let lines: String = (0..200_000).map(|number| format!("line {number}\n")).collect();
        std::fs::write(&file, lines).expect("the temporary folder can be written");
        let end = end_of(&file);
        std::fs::remove_file(&file).expect("it was just written");
        let second = end.lines().nth(1).expect("there are lines");
        assert!(end.contains("bytes before this are left out") && second.starts_with("line "), "{second}");
        assert!(end.ends_with("line 199999\n"));
        assert!(end_of(&file).contains("it cannot be read"));
    }
}
