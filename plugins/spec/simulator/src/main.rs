//! The command `mxspecsim`: runs a simulated spec of an MX beamline until it is killed. It reads its arguments and
//! files; all else is the library's.

use std::error::Error;
use std::fs::File;
use std::io::{self, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread;

use brickwork_mxspecsim::{MotorSetup, Setup, Simulator};
use clap::Parser;
use serde::de::DeserializeOwned;

/// A simulator of spec on an MX beamline: it speaks the SPEC server protocol, and moves nothing.
#[derive(Parser)]
#[command(name = "mxspecsim", version)]
struct Arguments {
    /// The name that clients find it by; `sim` must be part of it [default: mxspecsim].
    #[arg(long)]
    name: Option<String>,
    /// The port on 127.0.0.1, 0 for any [default: the first free one of 6510 to 6530, as spec does].
    #[arg(long)]
    port: Option<u16>,
    /// A JSON file with a list of motors instead of those of an MX beamline, each as in --print-setup.
    #[arg(long, value_name = "FILE")]
    motors: Option<PathBuf>,
    /// A JSON file with all that the simulator can be told, as --print-setup prints it.
    #[arg(long, value_name = "FILE")]
    setup: Option<PathBuf>,
    /// How many times faster than in reality time passes.
    #[arg(long, value_name = "N")]
    time_scale: Option<f64>,
    /// Fault: accepts connections and says nothing.
    #[arg(long)]
    hang: bool,
    /// Fault: sends everything so many milliseconds late.
    #[arg(long, value_name = "MS")]
    late: Option<u64>,
    /// Fault: drops every n-th event.
    #[arg(long, value_name = "N")]
    drop_every: Option<u64>,
    /// Ends when standard input is closed, as it is when the program that started it ends.
    #[arg(long)]
    until_stdin_closes: bool,
    /// Prints the setup as JSON and ends.
    #[arg(long)]
    print_setup: bool,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Where even this cannot be written, the exit status is left.
            let _ = writeln!(io::stderr(), "mxspecsim: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let setup = setup(arguments)?;
    if arguments.print_setup {
        writeln!(io::stdout(), "{}", serde_json::to_string_pretty(&setup)?)?;
        return Ok(());
    }
    let mut simulator = Simulator::start(setup)?;
    writeln!(io::stdout(), "mxspecsim {} listens on 127.0.0.1:{} (a simulator)", simulator.name(), simulator.port)?;
    if arguments.until_stdin_closes {
        thread::Builder::new().name("stdin".into()).spawn(|| {
            // What comes is not read; an error is an end too.
            let _ = io::copy(&mut io::stdin(), &mut io::sink());
            std::process::exit(0);
        })?;
    }
    simulator.wait();
    Ok(())
}

fn setup(arguments: &Arguments) -> Result<Setup, Box<dyn Error>> {
    let mut setup: Setup = arguments.setup.as_deref().map_or_else(|| Ok(Setup::default()), read)?;
    if let Some(path) = &arguments.motors {
        setup.motors = read::<Vec<MotorSetup>>(path)?;
    }
    setup.name = arguments.name.clone().unwrap_or(setup.name);
    setup.port = arguments.port.or(setup.port);
    setup.time_scale = arguments.time_scale.unwrap_or(setup.time_scale);
    setup.faults.hangs |= arguments.hang;
    setup.faults.late_ms = arguments.late.unwrap_or(setup.faults.late_ms);
    setup.faults.drops_every = arguments.drop_every.unwrap_or(setup.faults.drops_every);
    Ok(setup)
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<T, Box<dyn Error>> {
    let place = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let file = File::open(path).map_err(|error| place(&error))?;
    Ok(serde_json::from_reader(BufReader::new(file)).map_err(|error| place(&error))?)
}
