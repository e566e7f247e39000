//! Linear least squares by singular values, so that what the equations leave open stays as it is.

use nalgebra::{DMatrix, DVector};

/// Singular values below this part of the largest count as none.
const SMALLEST: f64 = 1e-7;

/// The solution of least norm.
pub struct Fit {
    /// The unknowns.
    pub unknowns: DVector<f64>,
    /// How many combinations of the unknowns are determined.
    pub rank: usize,
    /// The sum of the squares of what is left.
    pub squares: f64,
    /// The covariance of the unknowns for equations of variance 1.
    pub covariance: DMatrix<f64>,
}

/// Solves `a u = b`; none when a number is none.
pub fn fit(a: &DMatrix<f64>, b: &DVector<f64>) -> Option<Fit> {
    if !a.iter().chain(b.iter()).all(|number| number.is_finite()) {
        return None;
    }
    let svd = a.clone().svd(true, true);
    let (u, v) = (svd.u.as_ref()?, svd.v_t.as_ref()?.transpose());
    let limit = svd.singular_values.max() * SMALLEST;
    let inverse = svd.singular_values.map(|value| if value > limit { 1.0 / value } else { 0.0 });
    let rank = inverse.iter().filter(|value| **value > 0.0).count();
    let unknowns = &v * inverse.component_mul(&(u.transpose() * b));
    let squares = (a * &unknowns - b).norm_squared();
    let covariance = &v * DMatrix::from_diagonal(&inverse.component_mul(&inverse)) * v.transpose();
    Some(Fit { unknowns, rank, squares, covariance })
}

/// How many combinations of the unknowns equations determine.
pub fn rank(a: &DMatrix<f64>) -> usize {
    let values = a.clone().singular_values();
    values.iter().filter(|value| **value > values.max() * SMALLEST).count()
}
