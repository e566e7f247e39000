//! Where the motors of the simulated goniometer stand, and how a picture lies about its middle. The geometry itself is
//! that of `brickwork-axes`; lengths are in um, angles in degrees.

use brickwork_axes::{Chain, Seen};

/// A point of the goniometer head when every axis is at its datum, in um: along the spindle, across it, along the view.
pub type Point = (f64, f64, f64);

/// Where the motors stand.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Axes {
    /// The rotation about which data are collected, in degrees.
    pub omega_deg: f64,
    /// The first rotation of the minikappa, in degrees.
    pub kappa_deg: f64,
    /// The second one, in degrees.
    pub kappa_phi_deg: f64,
    /// On the head, along the view at omega 0.
    pub sampx_um: f64,
    /// On the head, across the axis at omega 0.
    pub sampy_um: f64,
    /// Along the spindle.
    pub phiy_um: f64,
    /// Across the axis, below the rotation.
    pub phiz_um: f64,
    /// The depth that is sharp.
    pub focus_um: f64,
}

impl Axes {
    /// The roles of the axes that a chain may have here.
    pub const ROLES: [&'static str; 7] = ["omega", "kappa", "kappa_phi", "sampx", "sampy", "phiy", "phiz"];

    /// Each role of [`Axes::ROLES`], with where it stands.
    pub fn named(&self) -> [(&'static str, f64); 7] {
        let Self { omega_deg, kappa_deg, kappa_phi_deg, sampx_um, sampy_um, phiy_um, phiz_um, focus_um: _ } = *self;
        let stand = [omega_deg, kappa_deg, kappa_phi_deg, sampx_um, sampy_um, phiy_um, phiz_um];
        std::array::from_fn(|index| (Self::ROLES[index], stand[index]))
    }

    /// Where the axes of a chain stand, in its order. An axis whose role is none of [`Axes::ROLES`] is at its datum.
    pub fn positions(&self, chain: &Chain) -> Vec<f64> {
        let named = self.named();
        let stands = |role: &str| named.iter().find(|(name, _)| *name == role).map(|(_, position)| *position);
        chain.axes().iter().map(|axis| stands(&axis.role).unwrap_or(axis.datum)).collect()
    }

    /// The same, but for the axes of a chain: they stand at `positions`, which are in its order.
    #[must_use]
    pub fn at(mut self, chain: &Chain, positions: &[f64]) -> Self {
        for (axis, position) in chain.axes().iter().zip(positions) {
            let slot = match axis.role.as_str() {
                "omega" => &mut self.omega_deg,
                "kappa" => &mut self.kappa_deg,
                "kappa_phi" => &mut self.kappa_phi_deg,
                "sampx" => &mut self.sampx_um,
                "sampy" => &mut self.sampy_um,
                "phiy" => &mut self.phiy_um,
                "phiz" => &mut self.phiz_um,
                _ => continue,
            };
            *slot = *position;
        }
        self
    }
}

/// A picture of so many pixels at one zoom.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Optics {
    /// Width and height in pixels.
    pub size: (u16, u16),
    /// The side of a pixel at the sample, in um.
    pub um_per_pixel: f64,
}

impl Optics {
    /// The pixel in which something is seen, from the left and from the top.
    pub fn pixel(&self, seen: Seen) -> (f64, f64) {
        let (width, height) = self.size;
        (f64::from(width) / 2.0 + seen.x / self.um_per_pixel, f64::from(height) / 2.0 + seen.y / self.um_per_pixel)
    }
}

#[cfg(test)]
mod tests;
