//! "Did you mean": the one place that decides whether two names are near enough.

/// The name of `known` that `written` is most likely meant to be; `None` when none is near.
pub fn nearest<'k>(written: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let allowed = match written.chars().count() {
        0 => return None,
        // Every word of two letters is near to every other.
        1..=2 => 0,
        3 => 1,
        4..=8 => 2,
        _ => 3,
    };
    let lower = written.to_lowercase();
    let distance = |name: &str| strsim::damerau_levenshtein(&lower, &name.to_lowercase());
    known
        .into_iter()
        .filter(|name| name.len().abs_diff(written.len()) <= 2 * allowed)
        .map(|name| (distance(name), name))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, name)| (*distance, *name))
        .map(|(_, name)| name)
}

/// "did you mean `x`?" if a name is near; else, if they are few, what there is: "`plural` are .."
pub(crate) fn help<'k>(
    written: &str,
    known: impl IntoIterator<Item = &'k str> + Clone,
    plural: &str,
) -> Option<String> {
    nearest(written, known.clone()).map(|name| format!("did you mean `{name}`?")).or_else(|| all_of(known, plural))
}

/// So many names are no longer listed.
pub(crate) const MANY: usize = 9;

/// "`plural` are `a`, `b` and `c`", if there are not too many.
pub(crate) fn all_of<'k>(known: impl IntoIterator<Item = &'k str>, plural: &str) -> Option<String> {
    let quoted: Vec<String> = known.into_iter().take(MANY).map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [] => None,
        [only] => Some(format!("{plural} are: {only}")),
        [first @ .., last] if quoted.len() < MANY => Some(format!("{plural} are {} and {last}", first.join(", "))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_of_the_finger_is_recognised() {
        for (written, meant) in [
            ("spec.motr", "spec.motor"),
            ("spec.mtoor", "spec.motor"),
            ("Spec.Motor", "spec.motor"),
            ("omeag", "omega"),
            ("phi2", "phi"),
            ("windws", "windows"),
        ] {
            let known = ["spec.motor", "spec.session", "omega", "phi", "windows", "kappa"];
            assert_eq!(nearest(written, known), Some(meant), "{written}");
        }
    }

    #[test]
    fn nothing_is_suggested_when_nothing_is_near() {
        for written in ["", "x", "phi_table_horizontal", "camera.mjpeg", "zeta", "no", "shutter"] {
            let known = ["spec.motor", "omega", "phi", "on", "y", "windows"];
            assert_eq!(nearest(written, known), None, "{written}");
        }
    }
}
