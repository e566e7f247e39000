//! `Value`: to and from serde types, to and from bytes.

use std::collections::BTreeMap;

use brickwork_sdk::__abi::{DecodeError, decode, encode};
use brickwork_sdk::view::{Node, fill};
use brickwork_sdk::{Frame, Number, NumericArray, PixelFormat, SharedBytes, Value, from_value, to_value};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Shape {
    Point,
    Circle(f64),
    Box(f64, f64),
    Text { at: (i32, i32), text: String },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Everything {
    truth: bool,
    small: i8,
    large: i64,
    unsigned: u32,
    real: f64,
    letter: char,
    text: String,
    nothing: (),
    none: Option<f64>,
    some: Option<Option<u8>>,
    list: Vec<Shape>,
    by_name: BTreeMap<String, Shape>,
    by_number: BTreeMap<i64, String>,
    nested: Vec<Picture>,
    any: Value,
    bytes: SharedBytes,
    array: NumericArray,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Picture {
    name: Option<String>,
    frame: Option<Frame>,
}

fn frame() -> Frame {
    Frame { width: 2, height: 2, format: PixelFormat::Grey8, data: vec![1, 2, 3, 4].into() }
}

fn array() -> NumericArray {
    let data = [1.5f64, -2.5].iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<_>>();
    NumericArray { number: Number::F64, shape: vec![2, 1].into(), data: data.into() }
}

fn everything() -> Everything {
    let shapes =
        [Shape::Point, Shape::Circle(1.5), Shape::Box(1.0, 2.0), Shape::Text { at: (-3, 4), text: "häkchen".into() }];
    Everything {
        truth: true,
        small: -7,
        large: i64::MIN,
        unsigned: u32::MAX,
        real: 1e-300,
        letter: 'ω',
        text: "κ and φ".into(),
        nothing: (),
        none: None,
        some: Some(Some(3)),
        list: shapes.to_vec(),
        by_name: shapes.iter().cloned().enumerate().map(|(i, shape)| (format!("shape {i}"), shape)).collect(),
        by_number: [(-1, "minus one".to_owned()), (70, "seventy".to_owned())].into(),
        nested: vec![Picture { name: None, frame: Some(frame()) }, Picture { name: Some("none".into()), frame: None }],
        any: Value::list([Value::from(frame()), Value::Null, Value::map([("within", Value::from(array()))])]),
        bytes: vec![0, 255].into(),
        array: array(),
    }
}

fn through_serde<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T) -> Value {
    let crossing = to_value(value).expect("it can be written");
    let back: T = from_value(crossing.clone()).expect("it can be read");
    assert_eq!(&back, value);
    crossing
}

#[test]
fn every_serde_shape_comes_back_from_a_value() {
    let value = through_serde(&everything());
    for shape in everything().list {
        through_serde(&shape);
    }
    through_serde(&value);
    through_serde(&Value::Null);
    through_serde(&Some(frame()));
}

#[test]
fn a_picture_within_a_type_is_shared_and_not_copied() {
    let picture = Picture { name: None, frame: Some(frame()) };
    let back: Picture = from_value(to_value(&picture).expect("it can be written")).expect("it can be read");
    let (before, after) = (picture.frame.expect("it is there"), back.frame.expect("it is there"));
    assert!(before.data.is_same(&after.data));
}

#[test]
fn whole_numbers_are_read_as_real_ones_and_missing_fields_are_named() {
    assert_eq!(from_value::<(f64, f64)>(Value::list([Value::Int(1), Value::Float(2.5)])), Ok((1.0, 2.5)));
    let shapes = Value::map([("Text", Value::map([("at", Value::list([Value::Int(1), "two".into()]))]))]);
    let error = from_value::<Shape>(shapes).expect_err("its second coordinate is text");
    assert!(error.0.starts_with("`Text.at[1]`: invalid type: string"), "{error}");
}

#[test]
fn a_failed_write_leaves_nothing_behind() {
    struct Broken;
    impl Serialize for Broken {
        fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("broken"))
        }
    }
    assert!(to_value(&(frame(), Broken)).is_err());
    assert_eq!(to_value(&frame()), Ok(Value::from(frame())));
}

fn bytes_of(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode(value, &mut bytes);
    bytes
}

#[test]
fn every_value_comes_back_from_bytes() {
    let value = to_value(&everything()).expect("it can be written");
    assert_eq!(decode(&bytes_of(&value)), Ok(value));
    let hole = f64::from_bits(0x7ff8_6272_6963_6b77);
    let Ok(Value::Float(back)) = decode(&bytes_of(&Value::Float(hole))) else { panic!("it is a number") };
    assert_eq!(back.to_bits(), hole.to_bits());
}

/// A small source of numbers, the same on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides as u64) as usize
    }
}

#[test]
fn damaged_bytes_are_refused_or_read_and_never_panic() {
    let sound = bytes_of(&to_value(&everything()).expect("it can be written"));
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    let mut refused = 0;
    for _ in 0..20_000 {
        let mut bytes = sound.clone();
        for _ in 0..=dice.roll(4) {
            let place = dice.roll(bytes.len());
            match dice.roll(3) {
                0 => bytes[place] = dice.roll(256) as u8,
                1 => bytes.truncate(place.max(1)),
                _ => bytes.insert(place, dice.roll(256) as u8),
            }
        }
        match decode(&bytes) {
            Ok(value) => assert_eq!(decode(&bytes_of(&value)).map(|again| bytes_of(&again)), Ok(bytes_of(&value))),
            Err(_) => refused += 1,
        }
    }
    assert!(refused > 10_000, "only {refused} were refused");
    for _ in 0..20_000 {
        let noise: Vec<u8> = (0..dice.roll(64)).map(|_| dice.roll(256) as u8).collect();
        let _ = decode(&noise);
    }
}

#[test]
fn a_value_nested_beyond_reason_is_refused() {
    let mut value = Value::Null;
    for _ in 0..2000 {
        value = Value::list([value]);
    }
    assert_eq!(decode(&bytes_of(&value)), Err(DecodeError::TooDeep));
    let claims_a_billion = [6, 0, 0, 0, 64];
    assert_eq!(decode(&claims_a_billion), Err(DecodeError::Truncated));
}

#[test]
fn a_message_is_filled_with_what_was_entered() {
    use brickwork_sdk::view::{View, number_input, text_input};
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    enum Message {
        Go { motor: String, to: f64 },
        Name(String),
        Centre((f64, f64)),
    }
    let filled = |view: View<Message>, event: &str, entered: Value| -> Message {
        let node: Node = from_value(to_value(view.node()).expect("it crosses")).expect("it crosses");
        assert!(node.problems().is_empty(), "{:?}", node.problems());
        let action: brickwork_sdk::view::Action = node.read(event).expect("it has the action");
        from_value(fill(&action.message, &entered)).expect("it is a message")
    };
    let number = number_input("to", "To", 0.0).on_submit(|to| Message::Go { motor: "phi".into(), to });
    assert_eq!(filled(number, "on_submit", 2.5.into()), Message::Go { motor: "phi".into(), to: 2.5 });
    let name = text_input("name", "Name", "").on_text(Message::Name);
    assert_eq!(filled(name, "on_submit", "lysozyme".into()), Message::Name("lysozyme".into()));
    let lossy = number_input("to", "To", 0.0).on_submit(|to| Message::Name(to.to_string()));
    assert_eq!(lossy.node().problems().len(), 1);
    let place: View<Message> = brickwork_sdk::view::text("x").id("x").label("X").on_click(Message::Centre);
    assert_eq!(filled(place, "on_click", Value::list([1.0.into(), 2.0.into()])), Message::Centre((1.0, 2.0)));
}
