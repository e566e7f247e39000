//! `cargo xtask tidy`: the architecture's invariants and the house habits, as far as a program can check them.
//! `test` calls it, and so does a person. Each check is an ordinary function that returns findings, and each finding
//! tells the cure. It never changes a file.

mod features;
mod graph;
mod links;
mod manifest;
mod mask;
mod text;

use std::fmt;
use std::path::Path;

use crate::Outcome;
use crate::project::{Project, root};

pub use features::check as features;

/// A file longer than this is reported; it is not an error, but a hint to cut it.
const LONG_FILE_LINES: usize = 500;

#[derive(clap::Args)]
pub struct Args {
    /// Also prove that after a workspace build `cargo build -p X` compiles X alone
    #[arg(long)]
    pub features: bool,
}

/// One thing that is not as it should be.
#[derive(Debug, PartialEq)]
pub struct Finding {
    /// `path` or `path:line`, relative to the root.
    place: String,
    /// What is wrong, and what to do instead.
    message: String,
}

impl Finding {
    fn new(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { place: place.into(), message: message.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

/// A file of the work tree.
struct File {
    /// Relative to the root, with `/`.
    path: String,
    content: String,
}

/// Runs all checks and prints what they found.
pub fn run(args: &Args) -> Outcome {
    let root = root();
    let mut files = Vec::new();
    collect(&root, &root, &mut files)?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let mut findings = graph::check(&Project::read()?, &files);
    for file in &files {
        findings.extend(text::check(&file.path, &file.content));
        findings.extend(manifest::check(&file.path, &file.content));
        findings.extend(links::check(&file.path, &file.content, |target| root.join(target).exists()));
    }
    report_long(&files);
    for finding in &findings {
        println!("{finding}");
    }
    println!("tidy: {} files, {} findings", files.len(), findings.len());
    if !findings.is_empty() {
        return Err(format!("tidy has {} findings", findings.len()));
    }
    if args.features { features() } else { Ok(()) }
}

fn report_long(files: &[File]) {
    for file in files.iter().filter(|file| file.path.ends_with(".rs")) {
        let lines = file.content.lines().count();
        if lines > LONG_FILE_LINES {
            println!("{}: note: {lines} lines; can it be two files?", file.path);
        }
    }
}

/// Reads every text file that tidy has something to say about; hidden folders and build output are left out.
fn collect(root: &Path, folder: &Path, files: &mut Vec<File>) -> Outcome {
    let failed = |path: &Path, e: std::io::Error| format!("{}: {e}", path.display());
    for entry in std::fs::read_dir(folder).map_err(|e| failed(folder, e))? {
        let entry = entry.map_err(|e| failed(folder, e))?;
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        if path.is_dir() {
            if name != "target" && !name.starts_with('.') {
                collect(root, &path, files)?;
            }
        } else if [".rs", ".toml", ".md", ".ron"].iter().any(|ending| name.ends_with(ending)) {
            // A file may be saved, or vanish, while we look: what cannot be read now is nothing to judge.
            let Ok(content) = std::fs::read_to_string(&path) else { continue };
            let path = path.strip_prefix(root).expect("collected below the root").to_string_lossy().into_owned();
            files.push(File { path, content });
        }
    }
    Ok(())
}
