//! What the simulated microscope looks at: the motors and lights in its roles, and the scene that they make.

use std::cell::Cell;

use brickwork_sdk::interfaces::{actuator, motor};
use brickwork_sdk::{Error, ObjectContext, Result, Role};

use crate::geometry::Axes;
use crate::picture::{Light, Scene};

/// The names and scales of the zoom's positions, in um per pixel.
pub type Zooms = Vec<(String, f64)>;

/// The objects in its roles. What a role leaves open stands at 0; a light that is not there is on.
pub struct Stage {
    omega: Option<motor::Motor>,
    sampx: Option<motor::Motor>,
    sampy: Option<motor::Motor>,
    phiy: Option<motor::Motor>,
    phiz: Option<motor::Motor>,
    focus: Option<motor::Motor>,
    zoom: Option<actuator::Actuator>,
    light: Option<actuator::Actuator>,
    backlight: Option<actuator::Actuator>,
    /// Where `focus` stands when the rotation axis is sharp.
    sharp_at_um: f64,
    zooms: Zooms,
    /// The last scale: it stays while the zoom is between two positions.
    um_per_pixel: Cell<f64>,
}

impl Stage {
    /// The roles that it binds.
    pub fn roles() -> Vec<Role> {
        let axis = |name, help: &str| Role::optional(name, motor::NAME).help(help);
        let switch = |name, help: &str| Role::optional(name, actuator::NAME).help(help);
        vec![
            axis("omega", "Turns the sample about the horizontal axis."),
            axis("sampx", "On the goniometer head: along the view at omega 0. In mm or um."),
            axis("sampy", "On the goniometer head: across the axis at omega 0. In mm or um."),
            axis("phiy", "Along the axis, to the right. In mm or um."),
            axis("phiz", "Across the axis, downwards. In mm or um."),
            axis("focus", "The depth that is sharp. In mm or um."),
            switch("zoom", "Its position is one of the names in `zooms`."),
            switch("light", "The light at the microscope; it is on at every position but `off` and `out`."),
            switch("backlight", "The light behind the sample; it is on at every position but `off` and `out`."),
        ]
    }

    /// Binds them.
    pub fn new(ctx: &ObjectContext, um_per_pixel: f64, zooms: Zooms, sharp_at_um: f64) -> Self {
        let axis = |role| motor::Motor::bind_optional(ctx, role);
        let switch = |role| actuator::Actuator::bind_optional(ctx, role);
        Self {
            omega: axis("omega"),
            sampx: axis("sampx"),
            sampy: axis("sampy"),
            phiy: axis("phiy"),
            phiz: axis("phiz"),
            focus: axis("focus"),
            zoom: switch("zoom"),
            light: switch("light"),
            backlight: switch("backlight"),
            sharp_at_um,
            zooms,
            um_per_pixel: Cell::new(um_per_pixel),
        }
    }

    /// What is to be seen now.
    ///
    /// # Errors
    /// Says which motor has a unit that does not fit, or that the scale of the zoom is not known.
    pub fn scene(&self) -> Result<Scene> {
        let axes = Axes {
            omega_deg: position(self.omega.as_ref(), &[("deg", 1.0), ("mrad", 0.18 / std::f64::consts::PI)])?,
            sampx_um: um(self.sampx.as_ref())?,
            sampy_um: um(self.sampy.as_ref())?,
            phiy_um: um(self.phiy.as_ref())?,
            phiz_um: um(self.phiz.as_ref())?,
            focus_um: match &self.focus {
                Some(focus) if focus.position().value().is_some() => um(Some(focus))? - self.sharp_at_um,
                _ => 0.0,
            },
        };
        let light = match (self.light.as_ref().is_none_or(is_on), self.backlight.as_ref().is_some_and(is_on)) {
            (true, true) => Light::Both,
            (true, false) => Light::Front,
            (false, true) => Light::Back,
            (false, false) => Light::Dark,
        };
        Ok(Scene { axes, um_per_pixel: self.scale()?, light })
    }

    fn scale(&self) -> Result<f64> {
        let at = self.zoom.as_ref().and_then(|zoom| zoom.position().value()).filter(|at| !at.is_empty());
        if let Some(at) = at {
            let Some((_, um_per_pixel)) = self.zooms.iter().find(|(name, _)| *name == at) else {
                let names = self.zooms.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
                let message = format!("the zoom is at {at:?}, and `zooms` knows the scale of {names} alone");
                return Err(Error::failed(message));
            };
            self.um_per_pixel.set(*um_per_pixel);
        }
        Ok(self.um_per_pixel.get())
    }
}

/// Between two positions a light is off.
fn is_on(light: &actuator::Actuator) -> bool {
    let at = light.position().value().unwrap_or_default();
    !["off", "out", ""].contains(&at.as_str())
}

fn um(motor: Option<&motor::Motor>) -> Result<f64> {
    position(motor, &[("um", 1.0), ("mm", 1000.0)])
}

/// Where a motor stands in the first of these units, of which each has its factor; 0 while that is not known.
fn position(motor: Option<&motor::Motor>, units: &[(&str, f64)]) -> Result<f64> {
    let Some(motor) = motor else { return Ok(0.0) };
    let (Some(position), Some(unit)) = (motor.position().value(), motor.unit().value()) else { return Ok(0.0) };
    match units.iter().find(|(name, _)| *name == unit) {
        Some((_, factor)) => Ok(position * factor),
        None => {
            let names = units.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(" or ");
            Err(Error::failed(format!("{} moves in {unit:?}; the microscope needs {names}", motor.object())))
        }
    }
}
