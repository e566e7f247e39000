//! What the storage ring says of itself.

crate::interface! {
    /// The state of the storage ring.
    pub machine_info v1 {
        /// The stored current.
        channel current: f64 in "mA" every 10.0;
        /// How the ring is filled, such as `7/8 + 1`.
        optional channel filling_mode: String;
        /// How long until the next refill.
        optional channel refill_in: f64 in "s";
        /// After which time the current has fallen to 1/e.
        optional channel lifetime: f64 in "h";
        /// What the control room says.
        optional channel message: String;
    }
}
