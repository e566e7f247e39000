//! `beamline.machine`: what the storage ring says of itself.

use brickwork_sdk::interfaces::machine_info::{self, MachineInfo};
use brickwork_sdk::view::{Tone, View, column, grid, row, state, text, value};
use brickwork_sdk::{Brick, BrickContext, Result, Role};

/// The ring.
pub struct Machine {
    ring: MachineInfo,
}

impl Brick for Machine {
    const KIND: &'static str = "beamline.machine";
    const HELP: &'static str =
        "The storage ring: current, next refill, lifetime, filling mode, the control room's word.";
    type Config = ();
    type Message = ();

    fn roles() -> Vec<Role> {
        vec![Role::one("machine", machine_info::NAME).help("The object that speaks for the ring.")]
    }

    fn new((): (), ctx: &BrickContext) -> Result<Self> {
        Ok(Self { ring: MachineInfo::bind(ctx, "machine")? })
    }

    fn update(&mut self, (): ()) {}

    fn view(&self) -> View<()> {
        let ring = &self.ring;
        let said = ring.message().value().unwrap_or_default();
        // What the ring does not say is not shown: a lone dash would look like a fault.
        let refill = ring.refill_in().value().map(|_| ("Refill in", value(ring.refill_in()).duration()));
        let lifetime = ring.lifetime().value().map(|_| ("Lifetime", value(ring.lifetime()).duration()));
        let mode = ring.filling_mode().value().map(|_| ("Filling", value(ring.filling_mode())));
        let lines = [refill, lifetime, mode].into_iter().flatten();
        column([
            row([text("Storage ring").tone(Tone::Title), state(ring.object())]).wrap(),
            value(ring.current()).primary().decimals(2).label("Current"),
            grid(2, lines.flat_map(|(label, value)| [text(label).muted(), value.label(label)])),
            text(said).muted(),
        ])
    }
}
