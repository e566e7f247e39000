//! Where a mistake in a config is shown, and what to do about it. Called by [`crate::check`] for what
//! schemas and plugins say; it finds no mistakes itself.

use brickwork_sdk::protocol::ConfigProblem;

use crate::draft::Instance;
use crate::suggest;
use crate::syntax::{Mistake, Span};
use crate::value::Converted;

/// The problem at its place; `None` if it only follows from a mistake of the syntax.
pub(crate) fn mistake(instance: &Instance, problem: &ConfigProblem) -> Option<Mistake> {
    if instance.is_broken && problem.choices.is_empty() {
        return None;
    }
    let (span, help) = match &instance.config {
        Some(config) => config_place(config, problem, instance.title_span()),
        None => (instance.title_span(), suggest::all_of(choices(problem), "the choices")),
    };
    Some(Mistake { help, ..Mistake::new(span, problem.message.clone()) })
}

fn choices(problem: &ConfigProblem) -> impl Iterator<Item = &str> + Clone {
    problem.choices.iter().map(String::as_str)
}

/// Where a problem is, and what to do about it. The choices may be for the value at its path or
/// for the name of the field: the message says it, or whichever is near one of them is meant.
fn config_place(config: &Converted, problem: &ConfigProblem, fallback: Span) -> (Span, Option<String>) {
    let span = config.place(&problem.path).unwrap_or(fallback);
    let others = |plural| suggest::all_of(choices(problem), plural);
    let Some(part) = config.part(&problem.path) else { return (span, others("the choices")) };
    let key = problem.path.rsplit(['.', '[']).next().unwrap_or_default();
    let near = |word: &str| suggest::nearest(word, choices(problem)).map(|name| format!("did you mean `{name}`?"));
    match (part.key, &part.word) {
        (Some(place), _) if problem.message.starts_with(UNKNOWN_FIELD) => {
            let name = problem.message[UNKNOWN_FIELD.len()..].split('`').nth(1).unwrap_or(key);
            (place, near(name).or_else(|| others("its fields")))
        }
        (_, Some((word, place))) if problem.message.starts_with(UNKNOWN_VARIANT) => {
            (*place, near(word).or_else(|| others("the choices")))
        }
        _ if problem.choices.is_empty() => (span, None),
        (_, Some((word, place))) if near(word).is_some() => (*place, near(word)),
        (Some(place), _) if near(key).is_some() && !problem.choices.iter().any(|choice| choice == key) => {
            (place, near(key))
        }
        (_, Some((_, place))) => (*place, others("the choices")),
        (_, None) => (span, others("the choices")),
    }
}

/// How serde and the check of schemas begin what they say about the name of a field.
const UNKNOWN_FIELD: &str = "unknown field";
/// The same for the name of a variant.
const UNKNOWN_VARIANT: &str = "unknown variant";
