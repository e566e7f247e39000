//! Distances, angles and areas between points of the sample. They are true in space: the sample may be turned between
//! two clicks.

use brickwork_sdk::interfaces::SamplePoint;
use serde::{Deserialize, Serialize};

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Quantity {
    /// Between two points.
    Distance,
    /// At the second of three points.
    Angle,
    /// Of a polygon.
    Area,
}

/// Points, and what is measured between them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// What.
    pub quantity: Quantity,
    /// The points in the order in which they were clicked.
    pub points: Vec<SamplePoint>,
    /// Whether no point is missing.
    pub is_done: bool,
}

impl Measure {
    /// One that has its first point.
    pub fn from(quantity: Quantity, point: SamplePoint) -> Self {
        Self { quantity, points: vec![point], is_done: false }
    }

    /// Takes the next point. An area is closed by its first point, `near_um` from it.
    pub fn add(&mut self, point: SamplePoint, near_um: f64) {
        let closes = self.points.len() > 2 && length(minus(point, self.points[0])) <= near_um;
        if !closes {
            self.points.push(point);
        }
        self.is_done = match self.quantity {
            Quantity::Distance => self.points.len() == 2,
            Quantity::Angle => self.points.len() == 3,
            Quantity::Area => closes,
        };
    }

    /// The result in words; empty while there are too few points.
    pub fn words(&self) -> String {
        match (self.quantity, self.points.as_slice()) {
            (Quantity::Distance, [from, to]) => format!("{:.1} um", length(minus(*to, *from))),
            (Quantity::Angle, [from, at, to]) => match angle_deg(minus(*from, *at), minus(*to, *at)) {
                Some(degrees) => format!("{degrees:.1} deg"),
                None => "two points are one".into(),
            },
            (Quantity::Area, points @ [_, _, _, ..]) => format!("{:.0} um²", area(points)),
            _ => String::new(),
        }
    }

    /// What a person is to do next.
    pub fn next(&self) -> &'static str {
        match self.quantity {
            _ if self.is_done => "",
            Quantity::Distance => "click the other end",
            Quantity::Angle if self.points.len() == 1 => "click where the angle is",
            Quantity::Angle => "click the third point",
            Quantity::Area => "click further points; the first one closes the area",
        }
    }
}

fn minus(to: SamplePoint, from: SamplePoint) -> SamplePoint {
    std::array::from_fn(|axis| to[axis] - from[axis])
}

fn dot(a: SamplePoint, b: SamplePoint) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn length(a: SamplePoint) -> f64 {
    dot(a, a).sqrt()
}

fn angle_deg(a: SamplePoint, b: SamplePoint) -> Option<f64> {
    let cosine = dot(a, b) / (length(a) * length(b));
    cosine.is_finite().then(|| cosine.clamp(-1.0, 1.0).acos().to_degrees())
}

/// Half the length of the sum of the cross products of a polygon's corners: exact where it is flat.
fn area(points: &[SamplePoint]) -> f64 {
    let fan = points[1..].windows(2).map(|pair| {
        let (a, b) = (minus(pair[0], points[0]), minus(pair[1], points[0]));
        [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
    });
    length(fan.fold([0.0; 3], |sum, part| std::array::from_fn(|axis| sum[axis] + part[axis]))) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(quantity: Quantity, points: &[SamplePoint]) -> Measure {
        let mut measure = Measure::from(quantity, points[0]);
        points[1..].iter().for_each(|point| measure.add(*point, 5.0));
        measure
    }

    #[test]
    fn what_is_measured_is_true_in_space() {
        let distance = measured(Quantity::Distance, &[[0.0; 3], [30.0, 40.0, 120.0]]);
        assert_eq!((distance.words().as_str(), distance.is_done), ("130.0 um", true));
        let angle = measured(Quantity::Angle, &[[10.0, 0.0, 0.0], [0.0; 3], [0.0, 0.0, 7.0]]);
        assert_eq!((angle.words().as_str(), angle.is_done), ("90.0 deg", true));
        let corners = [[0.0; 3], [100.0, 0.0, 0.0], [100.0, 30.0, 40.0], [0.0, 30.0, 40.0], [1.0, 2.0, 0.0]];
        let area = measured(Quantity::Area, &corners);
        assert_eq!((area.words().as_str(), area.is_done, area.points.len()), ("5000 um²", true, 4));
    }

    #[test]
    fn what_is_not_complete_says_what_is_missing_and_an_angle_at_one_point_is_none() {
        let angle = measured(Quantity::Angle, &[[1.0; 3], [0.0; 3]]);
        assert_eq!((angle.words().as_str(), angle.next()), ("", "click the third point"));
        let none = measured(Quantity::Angle, &[[1.0; 3], [1.0; 3], [2.0; 3]]);
        assert_eq!(none.words(), "two points are one");
    }
}
