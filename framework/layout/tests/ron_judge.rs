//! The crate `ron` is the judge of what RON means: what it takes we take with the same value, but for what is listed here
//! with its reason.

use std::path::Path;

use brickwork_layout::load_from;
use brickwork_sdk::Value;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// What `ron` takes and we do not, and why.
const REFUSED: &[(&str, &str)] = &[
    ("1e999", "it is infinite, and was hardly meant so"),
    ("18446744073709551615", "no whole number of a beamline is beyond 64 bits with a sign"),
    ("b\"bytes\"", "no config holds bytes"),
];

/// What we make of an expression as a config.
fn ours(expression: &str) -> Option<Value> {
    let text = format!(
        "Beamline(format: 1, name: \"T\", objects: {{\"a\": (kind: \"k\", config: ({expression}))}}, windows: [])"
    );
    let loaded = load_from(&|_: &Path| Ok(text.clone()), Path::new("/judge.ron"), None);
    Some(loaded.beamline?.objects.remove("a")?.config)
}

/// What the judge makes of it: a tuple of one value.
fn theirs(expression: &str) -> Option<Value> {
    let judged: ron::Value = ron::from_str(&format!("({expression},)")).ok()?;
    Some(value(judged))
}

fn value(judged: ron::Value) -> Value {
    match judged {
        ron::Value::Bool(flag) => flag.into(),
        ron::Value::Char(letter) => letter.to_string().as_str().into(),
        ron::Value::String(text) => text.as_str().into(),
        ron::Value::Bytes(bytes) => Value::Bytes(bytes.into()),
        ron::Value::Unit | ron::Value::Option(None) => Value::Null,
        ron::Value::Option(Some(inner)) => value(*inner),
        ron::Value::Seq(items) => Value::List(items.into_iter().map(value).collect::<Vec<_>>().into()),
        ron::Value::Map(map) => {
            Value::map(map.into_iter().map(|(key, inner)| (ron::to_string(&key).unwrap_or_default(), value(inner))))
        }
        ron::Value::Number(number) => match number {
            ron::Number::F32(ron::value::F32(number)) => Value::Float(number.into()),
            ron::Number::F64(ron::value::F64(number)) => Value::Float(number),
            ron::Number::I8(number) => Value::Int(number.into()),
            ron::Number::I16(number) => Value::Int(number.into()),
            ron::Number::I32(number) => Value::Int(number.into()),
            ron::Number::I64(number) => Value::Int(number),
            ron::Number::U8(number) => Value::Int(number.into()),
            ron::Number::U16(number) => Value::Int(number.into()),
            ron::Number::U32(number) => Value::Int(number.into()),
            ron::Number::U64(number) => i64::try_from(number).map_or(Value::Float(number as f64), Value::Int),
            other => panic!("{other:?} is no number of this version"),
        },
    }
}

/// The names of a map as we have them: the judge writes text in quotes.
fn named(value: Value) -> Value {
    match value {
        Value::List(items) => Value::List(items.into_iter().map(named).collect::<Vec<_>>().into()),
        Value::Map(entries) => {
            Value::map(entries.into_iter().map(|entry| (entry.key.trim_matches('"').to_owned(), named(entry.value))))
        }
        other => other,
    }
}

fn agrees(expression: &str) -> Result<(), String> {
    let Some(theirs) = theirs(expression) else { return Ok(()) };
    let Some(ours) = ours(&format!("{expression},")) else {
        return Err(format!("{expression}: we refuse it, the judge takes it as {theirs:?}"));
    };
    let theirs = named(theirs);
    if ours == theirs { Ok(()) } else { Err(format!("{expression}: {ours:?}, the judge says {theirs:?}")) }
}

#[test]
fn every_form_of_a_value_means_what_the_judge_says() {
    let forms = [
        "0",
        "-1",
        "+7",
        "1_000",
        "0x1F",
        "0o17",
        "0b1010",
        "0x1Fu8",
        "7i64",
        "3u16",
        "1.5",
        "-2.5e-3",
        "1e3",
        ".5",
        "1.",
        "1.5f64",
        "2f32",
        "inf",
        "-inf",
        "true",
        "false",
        "()",
        "None",
        "Some(3)",
        "Some(Some(\"x\"))",
        "'c'",
        "'\\''",
        "'\\u{e9}'",
        "\"text\"",
        "\"\\n\\t\\\\\\\"\\u{3c9}\\x41\"",
        "\"two\nlines\"",
        "r\"raw\\n\"",
        "r#\"with \"quotes\"\"#",
        "[]",
        "[1, 2, 3,]",
        "[1, [2.5, \"x\"]]",
        "{}",
        "{1: 2}",
        "{\"a\": 1, \"b\": [2]}",
        "(1, 2)",
        "(1, (2, 3.5))",
        "/* a comment */ 1",
        "1 // a comment\n",
        "1 /* one /* in */ another */",
        "\u{feff}1",
    ];
    let wrong: Vec<String> = forms.iter().filter_map(|form| agrees(form).err()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_listed_as_refused_is_taken_by_the_judge_and_refused_by_us() {
    for (expression, why) in REFUSED {
        assert!(theirs(expression).is_some(), "the judge refuses {expression} too ({why})");
        assert_eq!(ours(&format!("{expression},")), None, "{expression} ({why})");
    }
}

fn expression() -> impl Strategy<Value = String> {
    let whole = any::<i64>().prop_map(|number| number.to_string());
    let real = (-1e30..1e30_f64).prop_map(|number| format!("{number:?}"));
    let small = (-999..999_i32, 0..99_u32).prop_map(|(whole, part)| format!("{whole}.{part}"));
    let hex = any::<u32>().prop_map(|number| format!("0x{number:x}"));
    let text = "[ -~é\u{3c9}\n\t]{0,12}".prop_map(|text| format!("{text:?}"));
    let word = prop_oneof![Just("true".to_owned()), Just("None".to_owned()), Just("()".to_owned())];
    let leaf = prop_oneof![whole, real, small, hex, text, word];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(|items| format!("[{}]", items.join(", "))),
            proptest::collection::vec(inner.clone(), 2..5).prop_map(|items| format!("({})", items.join(","))),
            inner.clone().prop_map(|item| format!("Some({item})")),
            proptest::collection::btree_map("[a-z]{1,5}", inner, 0..4).prop_map(|map| {
                let entries = map.iter().map(|(key, value)| format!("\"{key}\": {value}"));
                format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 1_000, rng_seed: RngSeed::Fixed(0x5eed_0204), failure_persistence: None, ..Default::default()
    })]

    #[test]
    fn values_by_chance_mean_what_the_judge_says(expression in expression()) {
        prop_assert_eq!(agrees(&expression), Ok(()));
    }
}
