//! `cargo xtask dev PLUGIN`: rebuilds one plugin each time its source is saved, until Ctrl-C.
//! A plugin's author runs it beside `cargo xtask demo`, whose window then takes up the new library by itself. It never
//! loads or restarts anything.

use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use notify::event::ModifyKind;
use notify::{Event, EventKind, RecursiveMode, Watcher};

use crate::Outcome;
use crate::process::cargo;
use crate::project::{Member, Project, root};

/// An editor saves in several steps; the build starts when it has been quiet for this long.
const SETTLE: Duration = Duration::from_millis(100);

#[derive(clap::Args)]
pub struct Args {
    /// A folder of `plugins/`: sim, motors, camera, ...
    plugin: String,
}

/// Builds once, then after every save.
pub fn run(args: &Args) -> Outcome {
    let project = Project::read()?;
    let plugin = find(&project, &args.plugin)?;
    let folder = root().join(&plugin.folder);
    // One waiting event is enough: it says "build again", and the build reads every file.
    let (changed, changes) = sync_channel(1);
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
        if event.is_ok_and(|event| is_edit(&event)) {
            let _ = changed.try_send(());
        }
    })
    .map_err(|e| format!("cannot watch files: {e}"))?;
    watcher.watch(&folder, RecursiveMode::Recursive).map_err(|e| format!("{}: {e}", folder.display()))?;

    println!("watching {} (Ctrl-C ends)", plugin.folder);
    loop {
        build(plugin)?;
        changes.recv().map_err(|_| "the file watcher ended".to_owned())?;
        settle(&changes);
    }
}

fn find<'a>(project: &'a Project, name: &str) -> Outcome<&'a Member> {
    let folder = format!("plugins/{name}");
    project.plugins().find(|plugin| plugin.folder == folder || plugin.name == name).ok_or_else(|| {
        let known: Vec<&str> = project.plugins().filter_map(|plugin| plugin.folder.strip_prefix("plugins/")).collect();
        format!("no plugin {name}; there are: {}", known.join(", "))
    })
}

/// Reading a file is an event as well, and cargo reads all of them: only changes of sources count.
fn is_edit(event: &Event) -> bool {
    let change = match event.kind {
        EventKind::Create(_) | EventKind::Remove(_) => true,
        EventKind::Modify(kind) => !matches!(kind, ModifyKind::Metadata(_)),
        _ => false,
    };
    change && event.paths.iter().any(|path| is_source(path))
}

fn is_source(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "rs") || path.ends_with("Cargo.toml")
}

fn settle(changes: &Receiver<()>) {
    while !matches!(changes.recv_timeout(SETTLE), Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected)) {}
}

fn build(plugin: &Member) -> Outcome {
    let start = Instant::now();
    let mut command = cargo();
    command.args(["build", "--quiet", "-p", &plugin.name]);
    let status = command.status().map_err(|e| format!("cargo: {e}"))?;
    let verdict = if status.success() { "built" } else { "FAILED:" };
    println!("{verdict} {} ({:.1} s)", plugin.name, start.elapsed().as_secs_f64());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Event, EventKind, is_edit};
    use notify::event::{AccessKind, CreateKind};
    use std::path::PathBuf;

    #[test]
    fn saving_a_source_counts_and_reading_it_does_not() {
        let event = |kind, path: &str| Event::new(kind).add_path(PathBuf::from(path));
        assert!(is_edit(&event(EventKind::Create(CreateKind::File), "plugins/sim/src/motor.rs")));
        assert!(is_edit(&event(EventKind::Create(CreateKind::File), "plugins/sim/Cargo.toml")));
        assert!(!is_edit(&event(EventKind::Access(AccessKind::Read), "plugins/sim/src/motor.rs")));
        assert!(!is_edit(&event(EventKind::Create(CreateKind::File), "plugins/sim/src/.motor.rs.swp")));
    }
}
