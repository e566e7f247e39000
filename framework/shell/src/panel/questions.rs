//! What objects want to know from a person, above all else, with a button for each answer.

use brickwork_sdk::status::Question;
use brickwork_sdk::view::{Node, Tone, View, button, column, row, text};
use serde::{Deserialize, Serialize};

use super::Effect;
use crate::format;

/// What its controls send.
#[derive(Serialize, Deserialize)]
pub(super) struct Answer {
    object: String,
    question: String,
    option: String,
}

pub(super) fn effect(Answer { object, question, option }: Answer) -> Effect {
    Effect::Answer { object, question, option }
}

/// What is asked, by object; `None` when nothing is.
pub fn questions<'a>(asked: impl Iterator<Item = (&'a str, &'a Question)>, now_ns: u64) -> Option<Node> {
    let all: Vec<View<Answer>> = asked.map(|(object, question)| one(object, question, now_ns)).collect();
    (!all.is_empty()).then(|| column(all).into_node())
}

fn one(object: &str, question: &Question, now_ns: u64) -> View<Answer> {
    let answers = question.options.iter().map(|option| {
        let answer = Answer { object: object.into(), question: question.id.clone(), option: option.clone() };
        let button = button(format!("{object}/{}/{option}", question.id), option.as_str()).on_press(answer);
        if question.default.as_ref() == Some(option) { button.primary() } else { button }
    });
    let until = question.deadline_ns.map(|deadline| format::lasted(deadline.saturating_sub(now_ns)));
    let otherwise = match (&question.default, until) {
        (Some(default), Some(until)) => format!("without an answer: {default}, in {until}"),
        (None, Some(until)) => format!("to be answered within {until}"),
        _ => String::new(),
    };
    let title = text(format!("{object} asks: {}", question.text)).tone(Tone::Title);
    column([title, row(answers.chain([text(otherwise).muted()]))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_asked_in_words_with_its_answers_and_its_deadline() {
        let question = Question {
            id: "sync".into(),
            text: "phi differs from spec by 0.2 deg. Take which?".into(),
            options: vec!["spec".into(), "controller".into()],
            default: Some("spec".into()),
            deadline_ns: Some(31_000_000_000),
        };
        let node = questions([("phi", &question)].into_iter(), 1_000_000_000).expect("something is asked");
        assert!(node.problems().is_empty(), "{:?}", node.problems());
        let words: Vec<&str> = node.walk().map(|node| node.text("text")).collect();
        assert!(words.iter().any(|words| words.contains("phi asks: phi differs")), "{words:?}");
        assert!(words.iter().any(|words| words.contains("spec, in 30 s")), "{words:?}");
        let press =
            node.find("phi/sync/controller").and_then(|node| node.attribute("on_press")?.get("message").cloned());
        let effect = super::super::effect_of(super::super::QUESTIONS, press.expect("it is there"));
        let (object, question, option) = ("phi".into(), "sync".into(), "controller".into());
        assert_eq!(effect, Effect::Answer { object, question, option });
        assert!(questions([].into_iter(), 0).is_none());
    }
}
