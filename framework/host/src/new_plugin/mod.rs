//! `brickwork new-plugin`: writes a small whole plugin crate outside the workspace, for its author to go on from.
//! The command line calls it. It never writes into a folder that exists, and builds nothing.

mod files;
mod name;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::log;
use crate::run::Outcome;
use files::files;
use name::Name;

/// The sdk of the checkout in which this program was built.
const SDK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../sdk");

/// What `new-plugin` takes.
#[derive(clap::Args)]
pub struct Arguments {
    /// The plugin's name, such as `cryo-stream`: the crate, its folder and its kinds are called so.
    name: String,
    /// Writes a hardware object alone.
    #[arg(long, conflicts_with = "brick")]
    object: bool,
    /// Writes a brick alone.
    #[arg(long)]
    brick: bool,
    /// The folder in which the plugin's folder is made. Without it, the current one.
    #[arg(long, value_name = "DIR", default_value = ".")]
    path: PathBuf,
    /// The folder of `brickwork-sdk`. Without it, that of the checkout in which this program was built.
    #[arg(long)]
    sdk: Option<PathBuf>,
}

/// What a new plugin consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    Both,
    Object,
    Brick,
}

/// Writes the crate and says what to type next.
pub fn run(arguments: &Arguments) -> Outcome {
    let sdk = sdk(arguments.sdk.as_deref())?;
    let name = Name::checked(&arguments.name, &sdk)?;
    let content = match (arguments.object, arguments.brick) {
        (true, _) => Content::Object,
        (_, true) => Content::Brick,
        _ => Content::Both,
    };
    let folder = arguments.path.join(&name.kebab);
    write(&folder, &files(&name, content, &sdk, &programs())?)?;
    // The versions that the program itself was built with: what crosses between the two then has one shape.
    let lock = sdk.with_file_name("Cargo.lock");
    if lock.is_file() {
        let to = folder.join("Cargo.lock");
        std::fs::copy(&lock, &to).map_err(|error| format!("cannot write {}: {error}", to.display()))?;
    }
    log::print(&said(&folder));
    Ok(ExitCode::SUCCESS)
}

fn said(folder: &Path) -> String {
    let program = std::env::args().next().unwrap_or_else(|| "brickwork".into());
    let folder = folder.display();
    format!(
        "{folder} is written: src/lib.rs with its test, a layout to try it, a README.\n\
         Next, and the first time that compiles the sdk too:\n    {program} dev {folder}"
    )
}

/// The whole path of the sdk.
fn sdk(asked: Option<&Path>) -> Result<PathBuf, String> {
    let sdk = asked.unwrap_or(Path::new(SDK));
    let manifest = std::fs::read_to_string(sdk.join("Cargo.toml")).unwrap_or_default();
    if manifest.contains("name = \"brickwork-sdk\"")
        && let Ok(whole) = sdk.canonicalize()
    {
        return Ok(whole);
    }
    Err(match asked {
        Some(asked) => format!("{} is not the sdk: give the folder `sdk` of a checkout of Brickwork", asked.display()),
        None => format!(
            "the checkout in which this program was built is gone ({SDK}): give the folder `sdk` of another with --sdk"
        ),
    })
}

/// Where the programs and the plugins of Brickwork lie.
fn programs() -> PathBuf {
    let own = std::env::current_exe().ok().and_then(|program| program.parent().map(PathBuf::from));
    own.unwrap_or_else(|| ".".into())
}

fn write(folder: &Path, files: &[(String, String)]) -> Result<(), String> {
    if folder.symlink_metadata().is_ok() {
        return Err(format!("{} is there already: choose another name or another --path", folder.display()));
    }
    let failed = |path: &Path, error| format!("cannot write {}: {error}", path.display());
    for (name, text) in files {
        let path = folder.join(name);
        let within = path.parent().unwrap_or(folder);
        std::fs::create_dir_all(within).map_err(|error| failed(within, error))?;
        std::fs::write(&path, text).map_err(|error| failed(&path, error))?;
    }
    Ok(())
}
