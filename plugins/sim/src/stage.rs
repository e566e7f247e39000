//! What the simulated microscope looks at: the motors and lights in its roles, and the scene that they make.

use std::cell::Cell;

use brickwork_microscope::{Axes, Lights, Scene};
use brickwork_sdk::interfaces::{actuator, motor};
use brickwork_sdk::unit::{Unit, UnitKind};
use brickwork_sdk::{Error, ObjectContext, Result, Role};

use crate::zooms::{Zooms, scale_of};

/// The objects in its roles. What a role leaves open stands at 0; of the lights, the one at the microscope is then on,
/// and a light of which only the level is bound is on too.
pub struct Stage {
    omega: Option<motor::Motor>,
    kappa: Option<motor::Motor>,
    kappa_phi: Option<motor::Motor>,
    sampx: Option<motor::Motor>,
    sampy: Option<motor::Motor>,
    phiy: Option<motor::Motor>,
    phiz: Option<motor::Motor>,
    focus: Option<motor::Motor>,
    zoom: Option<actuator::Actuator>,
    light: Option<actuator::Actuator>,
    backlight: Option<actuator::Actuator>,
    light_level: Option<motor::Motor>,
    backlight_level: Option<motor::Motor>,
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
            axis("kappa", "On the goniometer head: the first rotation of a minikappa."),
            axis("kappa_phi", "The second rotation of a minikappa, which holds the sample."),
            axis("sampx", "On the goniometer head: along the view at omega 0. In mm or um."),
            axis("sampy", "On the goniometer head: across the axis at omega 0. In mm or um."),
            axis("phiy", "Along the axis, to the right. In mm or um."),
            axis("phiz", "Across the axis, downwards. In mm or um."),
            axis("focus", "The depth that is sharp. In mm or um."),
            switch("zoom", "Its position is one of the names in `zooms`."),
            switch("light", &format!("The light at the microscope. {LEVELS}")),
            switch("backlight", &format!("The light behind the sample. {LEVELS}")),
            axis("light_level", &format!("How bright the light at the microscope is while it is on. {SHARE}")),
            axis("backlight_level", &format!("How bright the light behind the sample is while it is on. {SHARE}")),
        ]
    }

    /// Binds them.
    pub fn new(ctx: &ObjectContext, um_per_pixel: f64, zooms: Zooms, sharp_at_um: f64) -> Self {
        let axis = |role| motor::Motor::bind_optional(ctx, role);
        let switch = |role| actuator::Actuator::bind_optional(ctx, role);
        Self {
            omega: axis("omega"),
            kappa: axis("kappa"),
            kappa_phi: axis("kappa_phi"),
            sampx: axis("sampx"),
            sampy: axis("sampy"),
            phiy: axis("phiy"),
            phiz: axis("phiz"),
            focus: axis("focus"),
            zoom: switch("zoom"),
            light: switch("light"),
            backlight: switch("backlight"),
            light_level: axis("light_level"),
            backlight_level: axis("backlight_level"),
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
            omega_deg: position(self.omega.as_ref(), UnitKind::Angle)?,
            kappa_deg: position(self.kappa.as_ref(), UnitKind::Angle)?,
            kappa_phi_deg: position(self.kappa_phi.as_ref(), UnitKind::Angle)?,
            sampx_um: position(self.sampx.as_ref(), UnitKind::Length)?,
            sampy_um: position(self.sampy.as_ref(), UnitKind::Length)?,
            phiy_um: position(self.phiy.as_ref(), UnitKind::Length)?,
            phiz_um: position(self.phiz.as_ref(), UnitKind::Length)?,
            focus_um: match &self.focus {
                Some(focus) if focus.position().value().is_some() => {
                    position(Some(focus), UnitKind::Length)? - self.sharp_at_um
                }
                _ => 0.0,
            },
        };
        let lights = Lights {
            front: light(self.light.as_ref(), self.light_level.as_ref(), 1.0)?,
            back: light(self.backlight.as_ref(), self.backlight_level.as_ref(), 0.0)?,
        };
        Ok(Scene { axes, um_per_pixel: self.scale()?, lights })
    }

    fn scale(&self) -> Result<f64> {
        let at = self.zoom.as_ref().and_then(|zoom| zoom.position().value()).filter(|at| !at.is_empty());
        if let Some(at) = at {
            self.um_per_pixel.set(scale_of(&self.zooms, &at)?);
        }
        Ok(self.um_per_pixel.get())
    }
}

/// What the positions of a light mean.
const LEVELS: &str =
    "It is off at `off` and `out`, at so many percent at a number such as `40`, fully on at every other position.";

/// What a motor for the level of a light says.
const SHARE: &str = "From 0 to 1, or from 0 to 100 in %; without it, fully.";

/// How bright a light is, from 0 to 1, by its switch and its level; `otherwise` without either.
fn light(switch: Option<&actuator::Actuator>, dimmer: Option<&motor::Motor>, otherwise: f32) -> Result<f32> {
    let on = switch.map(level);
    let Some(dimmer) = dimmer else { return Ok(on.unwrap_or(otherwise)) };
    let share = position(Some(dimmer), UnitKind::Share)?.clamp(0.0, 1.0);
    Ok(on.unwrap_or(1.0) * share as f32)
}

/// How bright the switch of a light lets it be, from 0 to 1; between two positions it is off.
fn level(light: &actuator::Actuator) -> f32 {
    let at = light.position().value().unwrap_or_default();
    match at.trim_end_matches('%').trim().parse::<f32>() {
        Ok(percent) if percent.is_finite() => (percent / 100.0).clamp(0.0, 1.0),
        _ => f32::from(u8::from(!["off", "out", ""].contains(&at.as_str()))),
    }
}

/// Where a motor stands, in um, in degrees, or as a share from 0 to 1; 0 while that is not known.
fn position(motor: Option<&motor::Motor>, kind: UnitKind) -> Result<f64> {
    let Some(motor) = motor else { return Ok(0.0) };
    let (Some(position), Some(unit)) = (motor.position().value(), motor.unit().value()) else { return Ok(0.0) };
    let names = match (kind, unit.as_str()) {
        (UnitKind::Share, "") => return Ok(position),
        (UnitKind::Share, _) => "no unit or %",
        (UnitKind::Angle, _) => "deg or mrad",
        _ => "um or mm",
    };
    let factor = Unit::factor_of(&unit, kind)
        .ok_or_else(|| Error::failed(format!("{} moves in {unit:?}; the microscope needs {names}", motor.object())))?;
    Ok(position * if kind == UnitKind::Share { factor / 100.0 } else { factor })
}
