//! `spec.scan`: the scans of a spec, as its macros `clientutils.mac` (of MXCuBE's SpecClient) tell of them, whoever
//! began them; and a way to begin, interrupt and resume one. The brick `spec.plot` shows it.

mod plot;
mod python;
mod record;

use std::cell::{Cell, RefCell};
use std::time::Duration;

use brickwork_sdk::{Activity, Call, Error, HardwareObject, ObjectContext, Result, Role, interface};
use brickwork_spec_protocol::{Data, Property, ScanVariable, Status};

use crate::attend::{Attended, Session};
use crate::link::{Dispatch, READ_LIMIT, Seen};
use crate::motor::wrong_name;
use crate::session::{finish, words};
pub use plot::ScanPlot;
use record::Record;
pub use record::{ScanData, ScanInfo, ScanState};

/// How often points are published at most.
const PERIOD: Duration = Duration::from_millis(200);

interface! {
    /// The scans of a spec.
    pub spec_scan v1 {
        /// What the present or last scan is.
        channel scan: ScanInfo;
        /// Its points so far.
        channel data: ScanData;
        /// Scans a motor of spec, by its mnemonic, from one user position to another in so many steps, and counts so
        /// many seconds at each point; finishes with the scan.
        command ascan(motor: String, from: f64, to: f64, intervals: i64, seconds: f64);
        /// Goes on with a scan that was interrupted; finishes with it.
        command resume();
        /// Interrupts a scan by `^C`, which ends whatever spec does.
        always command abort();
    }
}

/// The scans of one spec.
pub struct SpecScan {
    session: Session,
    channels: spec_scan::Channels,
    record: RefCell<Record>,
    /// Whether there is more than was published.
    has_more: Cell<bool>,
}

impl HardwareObject for SpecScan {
    const KIND: &'static str = "spec.scan";
    const HELP: &'static str =
        "The scans of a spec in which `clientutils.mac` is loaded (`clientploton`), point by point.";
    type Config = ();

    fn roles() -> Vec<Role> {
        vec![Session::role()]
    }

    fn new((): (), ctx: &ObjectContext) -> Result<Self> {
        let (session, channels) = (Session::bind(ctx)?, spec_scan::Channels::new(ctx));
        Ok(Self { session, channels, record: RefCell::default(), has_more: Cell::new(false) })
    }

    async fn run(&self, ctx: &ObjectContext) -> Result<()> {
        self.publish();
        self.session.attend(ctx, async |spec| self.follow(ctx, spec).await).await
    }
}

impl spec_scan::Serve for SpecScan {
    async fn ascan(&self, call: &Call, motor: String, from: f64, to: f64, intervals: i64, seconds: f64) -> Result<()> {
        if let Some(problem) = wrong_name("motor", "the mnemonic of the motor", &motor) {
            return Err(Error::refused(problem.message));
        }
        if !(from.is_finite() && to.is_finite() && seconds.is_finite()) || intervals < 1 {
            return Err(Error::refused("a scan has finite ends and times, and one interval at least"));
        }
        let numbers = [from, to, intervals as f64, seconds].map(|number| words(&Data::Double(number)));
        self.execute(call, &format!("ascan {motor} {}", numbers.join(" "))).await
    }

    async fn resume(&self, call: &Call) -> Result<()> {
        if self.record.borrow().info.state != ScanState::Interrupted {
            return Err(Error::refused("no scan is interrupted"));
        }
        self.execute(call, "scan_on").await
    }

    async fn abort(&self, _: &Call) -> Result<()> {
        self.session.any_spec()?.abort()
    }
}

impl SpecScan {
    async fn execute(&self, call: &Call, command: &str) -> Result<()> {
        let spec = self.session.spec()?;
        finish(call, &spec, spec.command(command, None)).await.map(|_| ())
    }

    async fn follow(&self, ctx: &ObjectContext, spec: &Attended<'_>) -> Result<()> {
        // Each point is wanted, and a new scan must not hide the end of the one before.
        let events = spec.watch([
            (ScanVariable::NewScan.property(), Dispatch::Every),
            (ScanVariable::NewPlotData.property(), Dispatch::Every),
            (ScanVariable::NewScanData.property(), Dispatch::Every),
            (Property::Status(Status::Ready), Dispatch::Every),
        ]);
        let is_told = async {
            loop {
                let seen = events.next().await;
                self.take(ctx, &seen);
                if seen.which == 0 {
                    return;
                }
            }
        };
        if ctx.clock().limit(READ_LIMIT, is_told).await.is_err() {
            let why = format!("spec {:?} says nothing of scans: it has no variable _SC_NEWSCAN", spec.name);
            spec.lost(why, "Load `clientutils.mac` at spec's prompt and say `clientploton`.");
            while {
                let seen = events.next().await;
                self.take(ctx, &seen);
                seen.which != 0
            } {}
        }
        spec.live();
        let clock = ctx.clock();
        loop {
            tokio::select! {
                biased;
                seen = events.next() => self.take(ctx, &seen),
                () = clock.sleep(PERIOD), if self.has_more.get() => self.publish(),
            }
        }
    }

    fn take(&self, ctx: &ObjectContext, seen: &Seen) {
        let text = words(&seen.data);
        let mut record = self.record.borrow_mut();
        let before = record.info.clone();
        match seen.which {
            0 => record.new_scan(&text),
            1 => self.has_more.set(record.plot_point(&text) | self.has_more.get()),
            2 => self.has_more.set(record.data_point(&text) | self.has_more.get()),
            _ => record.prompt(seen.data.to_flag().unwrap_or(false)),
        }
        if seen.lost > 0 {
            record.info.problem = format!("{} events came too fast: points are missing", seen.lost);
        }
        let info = record.info.clone();
        drop(record);
        if info == before {
            return;
        }
        match info.state {
            ScanState::Running => ctx.activity(Activity::Busy, format!("{} {}", info.title, info.command).trim()),
            ScanState::Interrupted => ctx.activity(Activity::Idle, format!("{} is interrupted", info.title)),
            ScanState::None | ScanState::Finished => ctx.activity(Activity::Idle, ""),
        }
        self.publish();
    }

    fn publish(&self) {
        self.has_more.set(false);
        let record = self.record.borrow();
        self.channels.scan.publish(record.info.clone());
        self.channels.data.publish(record.data.clone());
    }
}
