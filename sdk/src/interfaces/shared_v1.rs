//! Values that bricks share: what one of them selects, others follow.
//!
//! A shared value is an object like any other: it has a name in the layout, its type is its interface, and so a
//! layout that joins two bricks by the wrong type is refused before anything starts.

crate::interface! {
    /// A text that bricks share: the name of a motor, of a sample.
    pub shared_text v1 {
        /// What it is now.
        channel value: String;
        /// Changes it for everybody.
        command set(value: String) while_busy(queue);
    }
}

crate::interface! {
    /// A number that bricks share.
    pub shared_number v1 {
        /// What it is now.
        channel value: f64;
        /// Changes it for everybody.
        command set(value: f64) while_busy(queue);
    }
}

crate::interface! {
    /// A yes or no that bricks share.
    pub shared_flag v1 {
        /// What it is now.
        channel value: bool;
        /// Changes it for everybody.
        command set(value: bool) while_busy(queue);
    }
}
