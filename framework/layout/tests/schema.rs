//! Configs against the schemas that schemars writes: all mistakes at once, and nothing is refused
//! that serde reads.

use std::collections::{BTreeMap, BTreeSet};

use brickwork_layout::{check_config, convert, syntax};
use brickwork_sdk::{Value, from_value, to_value};
use schemars::{JsonSchema, schema_for};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

fn value(ron: &str) -> Value {
    let tree = syntax::parse(ron);
    assert_eq!(tree.errors(), [], "{ron}");
    let (converted, mistakes) = convert(tree.root().expect("there is a value"));
    assert_eq!(mistakes, [], "{ron}");
    converted.value
}

fn schema<C: JsonSchema>() -> Value {
    to_value(&schema_for!(C)).expect("a schema is plain data")
}

/// What is said against a config, as `path: message [choices]`.
fn problems<C: JsonSchema>(ron: &str) -> Vec<String> {
    let told = check_config(&schema::<C>(), &value(ron));
    let line = |problem: &brickwork_sdk::ConfigProblem| match problem.choices.join(" ") {
        choices if choices.is_empty() => format!("{}: {}", problem.path, problem.message),
        choices => format!("{}: {} [{choices}]", problem.path, problem.message),
    };
    told.iter().map(line).collect()
}

#[track_caller]
fn accepts<C: JsonSchema + DeserializeOwned>(configs: &[&str]) {
    for ron in configs {
        assert_eq!(problems::<C>(ron), [] as [&str; 0], "{ron}");
        assert!(from_value::<C>(value(ron)).is_ok(), "serde reads {ron}");
    }
}

#[track_caller]
fn refuses<C: JsonSchema + DeserializeOwned>(ron: &str, expected: &[&str]) {
    assert_eq!(problems::<C>(ron), expected, "{ron}");
    assert!(from_value::<C>(value(ron)).is_err(), "serde refuses {ron} too");
}

#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Numbers {
    whole: i32,
    #[serde(default)]
    byte: u8,
    #[serde(default)]
    size: usize,
    #[serde(default)]
    real: f64,
    #[serde(default)]
    maybe: Option<f32>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Reach {
    #[schemars(extend("infinite" = true))]
    limits: (f64, f64),
    #[serde(default)]
    speed: f64,
}

#[test]
fn what_is_infinite_or_no_number_is_taken_only_where_the_schema_wants_it() {
    accepts::<Reach>(&["(limits: (-inf, inf))", "(limits: (-5, 1e300), speed: 2)"]);
    let infinite = "speed: nothing can be infinite here: write a number";
    assert_eq!(problems::<Reach>("(limits: (-inf, inf), speed: inf)"), [infinite]);
    assert_eq!(problems::<Reach>("(limits: (NaN, 5))"), ["limits[0]: that is not a number"]);
    assert_eq!(problems::<Reach>("(limits: (0, 5), speed: NaN)"), ["speed: that is not a number"]);
}

#[test]
fn numbers_are_checked_by_kind_and_size() {
    accepts::<Numbers>(&[
        "(whole: -5)",
        "(whole: 1, byte: 255, size: 7, real: 3, maybe: 1.5)",
        "(whole: 1, maybe: None)",
    ]);
    accepts::<Numbers>(&["(whole: 0x10, maybe: Some(2))"]);
    let expected = [
        "byte: 256 is above the limit 255",
        "maybe: expected a number, found text: write 5, without quotes and unit",
        "real: expected a number, found a truth value",
        "size: -1 is below the limit 0",
        "whole: expected a whole number, found 1.5",
    ];
    refuses::<Numbers>(r#"(byte: 256, maybe: "5 mm", real: true, size: -1, whole: 1.5)"#, &expected);
    refuses::<Numbers>("(whole: 3000000000)", &["whole: 3000000000 is above the limit 2147483647"]);
    refuses::<Numbers>("(whole: None)", &["whole: expected a whole number, found nothing"]);
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Shape {
    Dot,
    Circle(f64),
    Line(f64, f64),
    Path(Vec<(f64, f64)>),
    Rectangle { width: f64, height: f64 },
    Group(Vec<Shape>),
}

#[test]
fn the_variants_of_an_enum_are_checked_with_their_content() {
    accepts::<Shape>(&["dot", "\"dot\"", "circle(1)", "line(1, 2)", "path([(0, 1), (2, 3)])"]);
    accepts::<Shape>(&["rectangle(width: 1, height: 2)", "group([dot, group([]), circle(3)])"]);
    refuses::<Shape>("dott", &[": unknown variant `dott` [dot circle line path rectangle group]"]);
    refuses::<Shape>("line(1)", &["line: expected 2 values, found 1"]);
    refuses::<Shape>(
        "line(1, \"2\", 3)",
        &[
            "line: expected 2 values, found 3",
            "line[1]: expected a number, found text: write 2, without quotes and unit",
        ],
    );
    refuses::<Shape>(
        "group([dot, circle(true), rectangle(width: 1)])",
        &["group[1].circle: expected a number, found a truth value", "group[2].rectangle: `height` is missing"],
    );
    refuses::<Shape>("circle", &[": `circle` needs a value: circle(..)"]);
    refuses::<Shape>("dot(1)", &[": `dot` takes no value"]);
    refuses::<Shape>(
        "7",
        &[": expected one of the choices, found a whole number [dot circle line path rectangle group]"],
    );
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", deny_unknown_fields)]
enum Link {
    Serial { port: String, baud: u32 },
    Network { host: String },
    None,
}

#[test]
fn a_tagged_enum_is_known_by_its_tag() {
    accepts::<Link>(&[r#"(type: Serial, port: "/dev/ttyS0", baud: 9600)"#, r#"(host: "spec", type: "Network")"#]);
    accepts::<Link>(&["(type: \"None\")"]);
    refuses::<Link>("(type: Serial, port: 1)", &["port: expected text, found a whole number", ": `baud` is missing"]);
    refuses::<Link>("(type: Seriel)", &["type: unknown variant `Seriel` [Serial Network None]"]);
    refuses::<Link>("(port: \"a\")", &[": `type` is missing"]);
    refuses::<Link>("3", &[": expected fields in `( )`, found a whole number"]);
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Speed {
    Number(f64),
    Word(String),
    Ramp { from: f64, to: f64 },
}

#[test]
fn the_nearest_way_of_an_untagged_enum_is_meant() {
    accepts::<Speed>(&["5", "\"fast\"", "(from: 1, to: 2)"]);
    refuses::<Speed>("(from: 1, to: true)", &["to: expected a number, found a truth value"]);
    refuses::<Speed>("[1]", &[": expected a number or text or fields in `( )`, found a list"]);
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[derive(Default)]
struct Maps {
    by_name: BTreeMap<String, Option<Shape>>,
    by_number: BTreeMap<u32, f64>,
    once: BTreeSet<String>,
    fixed: [i64; 3],
    pair: Option<(String, bool)>,
    letter: Option<char>,
    any: Option<Value2>,
    inner: Option<Box<Maps>>,
}

/// Anything at all.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
struct Value2(#[schemars(with = "serde_json::Value")] Value);

#[test]
fn maps_lists_tuples_and_references_are_followed() {
    accepts::<Maps>(&["{}", r#"(by_name: {"a": dot, "b": None}, by_number: {1: 2, "3": 4}, once: ["x", "y"])"#]);
    accepts::<Maps>(&["(fixed: (1, 2, 3), pair: (\"a\", true), letter: 'c', inner: (inner: (fixed: [1, 2, 3])))"]);
    accepts::<Maps>(&["(any: [1, (2, Three)])"]);
    let expected = [
        "by_name.a: unknown variant `cube` [dot circle line path rectangle group]",
        "by_number.one: the key `one` is not a whole number",
        "fixed: expected 3 values, found 2",
        "pair[1]: expected true or false, found text",
        "letter: expected one character",
        "inner.inner.fixd: unknown field `fixd` [any by_name by_number fixed inner letter once pair]",
        "inner.inner.fixd: expected 3 values in `( )`, found a whole number",
    ];
    let wrong = r#"(by_name: {"a": cube}, by_number: {"one": 1}, fixed: (1, 2), pair: ("a", "b"), letter: "cc",
        inner: (inner: (fixd: 3)))"#;
    refuses::<Maps>(wrong, &expected);
    assert_eq!(problems::<Maps>(r#"(once: ["x", "y", "x"])"#), ["once[2]: this is given twice"]);
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Flat {
    name: String,
    #[serde(flatten)]
    numbers: Pair,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Pair {
    low: f64,
    high: f64,
}

#[test]
fn fields_from_within_are_fields_of_the_whole() {
    accepts::<Flat>(&["(name: \"x\", low: 1, high: 2, more: 3)"]);
    refuses::<Flat>(
        "(name: \"x\", low: \"1\")",
        &["low: expected a number, found text: write 1, without quotes and unit", ": `high` is missing"],
    );
}

#[test]
fn an_empty_config_may_be_written_in_any_way_or_not_at_all() {
    for config in [Value::Null, Value::map::<&str>([])] {
        assert_eq!(check_config(&schema::<Maps>(), &config), []);
        assert_eq!(check_config(&schema::<()>(), &config), []);
        let missing = check_config(&schema::<Pair>(), &config);
        assert_eq!(
            missing.iter().map(|p| p.message.as_str()).collect::<Vec<_>>(),
            ["`low` is missing", "`high` is missing"]
        );
    }
    assert_eq!(problems::<()>("(a: 1)"), [": this kind takes no config"]);
}

#[test]
fn nothing_is_said_without_a_schema_or_about_what_is_not_known_of_schemas() {
    assert_eq!(check_config(&Value::Null, &value("(a: 1)")), []);
    let strange = Value::map([("not", Value::map([("type", Value::from("object"))])), ("pattern", Value::from("^a$"))]);
    assert_eq!(check_config(&strange, &value("(a: 1)")), []);
    let circle = Value::map([
        ("$ref", "#/$defs/a".into()),
        ("$defs", Value::map([("a", Value::map([("$ref", Value::from("#/$defs/a"))]))])),
    ]);
    assert_eq!(check_config(&circle, &value("(a: 1)")), []);
}
