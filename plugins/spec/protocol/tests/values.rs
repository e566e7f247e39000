//! What programs of spec do without saying it, said: texts as numbers, calls in two forms, names of properties.

use brickwork_spec_protocol::{
    AllMotors, Array, Assoc, Call, Command, Data, DataType, Key, MotorProperty, Property, ScanVariable, Status,
    ValueError, quoted, unquoted,
};

#[test]
fn a_number_that_came_as_text_is_a_number() {
    for number in [0.0, -12.5, 1e-9, 123_456_789.0] {
        assert_eq!(Data::number(number).to_number(), Ok(number));
        assert_eq!(Data::Double(number).to_number(), Ok(number));
    }
    assert_eq!(Data::number(0.1 + 0.2), Data::text("0.3"), "spec keeps 15 digits");
    assert_eq!(Data::integer(i64::MIN), Data::text("-9223372036854775808"));
    assert_eq!(Data::Double(0.25).to_text().as_deref(), Ok("0.25"));
    assert_eq!(Data::Empty.to_text().as_deref(), Ok(""));
    assert_eq!((Data::text("1.0").to_integer(), Data::text(" 0x10\n").to_integer()), (Ok(1), Ok(16)));
    assert_eq!((Data::flag(true).to_flag(), Data::text("0.0").to_flag()), (Ok(true), Ok(false)));
}

#[test]
fn a_value_that_is_something_else_says_so() {
    let not = |data: &Data| data.to_number().expect_err("it is no number").to_string();
    assert_eq!(not(&Data::text("moving")), "the text \"moving\" is not a number");
    assert_eq!(not(&Data::Empty), "an empty value is not a number");
    assert_eq!(not(&Data::Assoc(Assoc::new().with("a", "1"))), "an associative array of 1 elements is not a number");
    let grid = Data::Array(Array::grid(2, vec![1_u16, 2, 3, 4]).expect("two rows"));
    assert_eq!(not(&grid), "an array of 2 rows and 2 columns of ARR_USHORT is not a number");
    assert_eq!(Data::error("no such motor").to_flag(), Err(ValueError::Refused("no such motor".to_owned())));
    for wrong in ["1.5", "1e300", "9007199254740994", "nan"] {
        assert!(Data::text(wrong).to_integer().is_err(), "{wrong}");
    }
}

#[test]
fn lists_of_numbers_come_as_text_and_as_arrays() {
    assert_eq!(Data::numbers([-10.0, 20.5]), Data::text("-10 20.5"));
    assert_eq!(Data::text("-10 20.5").to_numbers(), Ok(vec![-10.0, 20.5]));
    assert_eq!(Data::text("1, 2,3").to_numbers(), Ok(vec![1.0, 2.0, 3.0]));
    assert_eq!(Data::array(vec![1_i8, -2]).to_numbers(), Ok(vec![1.0, -2.0]));
    assert_eq!(Data::Empty.to_numbers(), Ok(vec![]));
    assert!(Data::text("1 two").to_numbers().is_err() && Data::array(vec!["1".to_owned()]).to_numbers().is_err());
}

#[test]
fn rows_of_an_array_are_of_equal_length() {
    let error = Array::grid(2, vec![1.0, 2.0, 3.0]).expect_err("they are three");
    assert_eq!(error.to_string(), "3 elements do not make 2 rows of equal length");
    assert!(Array::grid(0, vec![1.0]).is_err() && Array::grid(0, Vec::<f64>::new()).is_err());
    let empty = Array::grid(3, Vec::<f64>::new()).expect("nothing is one row of nothing");
    assert_eq!((empty.rows(), empty.columns(), empty.elements().is_empty()), (1, 0, true));
}

#[test]
fn numbers_of_commands_and_types_are_those_of_the_protocol() {
    let commands: Vec<i32> = Command::ALL.iter().map(|command| command.number()).collect();
    assert_eq!(commands, (1..=15).collect::<Vec<_>>());
    let kinds: Vec<i32> = DataType::ALL.iter().map(|kind| kind.number()).collect();
    assert_eq!(kinds, (1..=15).collect::<Vec<_>>());
    assert_eq!((Command::from_number(0), DataType::from_number(16)), (None, None));
}

#[test]
fn calls_are_read_in_both_forms() {
    let call = Call::new("add").with("2").with_text("a \"b\", c");
    assert_eq!(call.to_data(), Data::text("add\x002\0\"a \\\"b\\\", c\""));
    assert_eq!(call.to_source(), r#"add(2, "a \"b\", c")"#);
    assert_eq!(Call::parse(call.to_data().as_text().expect("a text")), Ok(call.clone()));
    assert_eq!(Call::parse(&call.to_source()), Ok(call));
    for alone in ["foo", "foo()", " foo ( ) ; "] {
        assert_eq!(Call::parse(alone), Ok(Call::new("foo")), "{alone}");
    }
    let quoted = Call::parse(r#"f("a\")", 1)"#).expect("a call");
    assert_eq!(quoted.arguments, [r#""a\")""#, "1"]);
    let nested = Call::parse("f(A[phi], g(1, 2), 'it, is', [\"a\": 1])").expect("a call");
    assert_eq!(nested.arguments, ["A[phi]", "g(1, 2)", "'it, is'", "[\"a\": 1]"]);
}

#[test]
fn what_is_no_call_says_where() {
    let place = |text: &str| Call::parse(text).expect_err("it is no call").at;
    assert_eq!((place(""), place("mv phi 1"), place("(2)"), place("1+1")), (0, 2, 0, 1));
    assert_eq!((place("f(2"), place("f(\"2)"), place("f(2))"), place("f(1]"), place("f(1) + 2")), (3, 5, 4, 3, 5));
    let error = Call::parse("f(\"2)").expect_err("it is no call").to_string();
    assert_eq!(error, r#""f(\"2)" is no call of a function: a quote is not closed at byte 5"#);
}

#[test]
fn texts_are_quoted_and_unquoted() {
    for text in ["", "phi", "a \"b\" 'c'", "back\\slash", "two\nlines\tand µ"] {
        assert_eq!(unquoted(&quoted(text)).as_deref(), Some(text));
    }
    assert_eq!(unquoted(" 'single' ").as_deref(), Some("single"));
    for other in ["phi", "", "\"", "\"a", "\"a\" + \"b\"", "\"a\\\"", "µ"] {
        assert_eq!(unquoted(other), None, "{other}");
    }
}

#[test]
fn names_of_properties_are_these() {
    let names = [
        ("motor/phi/position", Property::motor("phi", MotorProperty::Position)),
        ("motor/phi/move_done", Property::motor("phi", MotorProperty::MoveDone)),
        ("motor/phi/start_one", Property::motor("phi", MotorProperty::StartOne)),
        ("motor/../prestart_all", Property::AllMotors(AllMotors::Prestart)),
        ("motor/../abort_all", Property::AllMotors(AllMotors::Abort)),
        ("var/MXCOLLECT_PARS", Property::variable("MXCOLLECT_PARS")),
        ("var/A[phi]", Property::element("A", "phi")),
        ("var/A[phi][0]", Property::element("A", Key::two("phi", "0"))),
        ("scaler/sec/value", Property::Counter("sec".to_owned())),
        ("scaler/.all./count", Property::Count),
        ("output/tty", Property::screen()),
        ("output//data/scan.dat", Property::Output("/data/scan.dat".to_owned())),
        ("status/ready", Property::Status(Status::Ready)),
        ("status/simulate", Property::Status(Status::Simulate)),
        ("error", Property::Error),
        ("var/_SC_NEWSCAN", ScanVariable::NewScan.property()),
        ("motor/phi/colour", Property::Other("motor/phi/colour".to_owned())),
        ("status/", Property::Other("status/".to_owned())),
        ("", Property::Other(String::new())),
    ];
    for (name, property) in names {
        assert_eq!((property.to_string().as_str(), Property::parse(name)), (name, property.clone()));
    }
    for property in MotorProperty::ALL {
        let property = Property::motor("phi", *property);
        assert_eq!(Property::parse(&property.to_string()), property);
    }
}

#[test]
fn elements_have_two_names() {
    let element = Property::element("MXCOLLECT_PARS", "TakeDarkFlag");
    assert_eq!(element.with_slash(), "var/MXCOLLECT_PARS/TakeDarkFlag");
    assert_eq!(Property::parse("var/MXCOLLECT_PARS/TakeDarkFlag"), element);
    assert_eq!(Property::element("A", Key::two("1", "2")).with_slash(), "var/A[1][2]");
    assert_eq!(Property::Error.with_slash(), "error");
}
