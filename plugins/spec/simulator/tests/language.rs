//! The small language: what it computes, what it refuses, and what the screen shows.

mod support;

use brickwork_spec_protocol::{Command, Data, Key, Packet, Property};
use support::{Client, beamline};

#[test]
fn expressions_have_the_values_that_they_have_in_c() {
    let simulator = beamline();
    let mut client = Client::new(&simulator);
    for (text, value) in [
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("-2 ^ 2", "-4"),
        ("2 ^ 3 ^ 2", "512"),
        ("7 % 4 - 1", "2"),
        ("10 / 4", "2.5"),
        ("0x1F + 1e1", "41"),
        ("1 < 2 && 2 <= 1 || !0", "1"),
        ("\"a\" == 'a'", "1"),
        ("\"a\" != \"a\"", "0"),
        ("\"2\" * 3", "6"),
        ("x = 5; x += 2; x * 2", "14"),
        ("{ y = 1; }; y", "1"),
        ("phiz", "1"),
        ("A[phiz] + A[\"phi\"]", "0"),
        ("S[sec]", "0"),
        ("motor_mne(2)", "phiy"),
        ("user(phi, dial(phi, 3))", "3"),
        ("length(\"four\")", "4"),
        ("fabs(-3) + sqrt(16)", "7"),
        ("# nothing", "0"),
    ] {
        assert_eq!(client.result(text), Data::text(value), "{text}");
    }
}

#[test]
fn what_is_not_understood_is_a_syntax_error_and_nothing_of_it_is_run() {
    let simulator = beamline();
    let mut client = Client::new(&simulator);
    for text in [
        "def f 'print 1'",
        "if (1) { p 1 }",
        "for (i = 0; i < 3; i++) p i",
        "1 +",
        "p (1",
        "p \"open",
        "x = = 1",
        "3 = x",
        "x[1][2][3] = 4",
        "}",
        "[1]",
        "a ? b : c",
        "@",
        &format!("{}1{}", "(".repeat(500), ")".repeat(500)),
    ] {
        let error = client.failure(&format!("H = 99; {text}"));
        assert!(error.starts_with("Syntax error"), "{text}: {error}");
    }
    assert_eq!(client.result("H"), Data::text("0"), "the beginning was not run either");
}

#[test]
fn what_is_understood_but_cannot_be_is_said() {
    let simulator = beamline();
    let mut client = Client::new(&simulator);
    for (text, said) in [
        ("nothing", "\"nothing\" does not exist"),
        ("1 / 0", "division by zero"),
        ("\"abc\" + 1", "no number"),
        ("phi = 3", "built in"),
        ("A[99]", "no motor 99"),
        ("XFE_DATA[5000]", "no element 5000"),
        ("XFE_DATA[0] = 1", "as a whole"),
        ("MXCOLLECT_PARS[\"nothing\"]", "does not exist"),
        ("H[\"a\"]", "not an associative array"),
        ("mv phi", "Usage"),
        ("delete H[1]", "not an associative array"),
        ("unglobal nothing", "does not exist"),
    ] {
        let error = client.failure(text);
        assert!(error.contains(said), "{text}: {error}");
    }
}

#[test]
fn the_screen_shows_prompt_command_and_what_is_printed() {
    let simulator = beamline();
    let mut client = Client::new(&simulator);
    client.register(&Property::screen());
    client.result("p 1 + 1, \"two\", 1 / 3");
    client.failure("mv");
    let shown: Vec<String> = client.events().into_iter().filter_map(|(_, data)| data.to_text().ok()).collect();
    assert_eq!(shown[..3], ["1.MXSPECSIM> p 1 + 1, \"two\", 1 / 3\n", "2 two 0.33333333\n", "2.MXSPECSIM> mv\n"]);
    assert!(shown[3].starts_with("Usage: mv"));
}

#[test]
fn positions_are_shown() {
    let simulator = beamline();
    let mut client = Client::new(&simulator);
    client.register(&Property::screen());
    client.result("wm phi kappa");
    client.result("wa");
    let shown: String = client.events().into_iter().filter_map(|(_, data)| data.to_text().ok()).collect();
    assert!(shown.contains("Phi") && shown.contains("Kappa") && shown.contains("dtox"), "{shown}");
    assert!(shown.contains("simulated"), "{shown}");
}

#[test]
fn associative_arrays_are_written_as_in_spec() {
    let simulator = beamline();
    let mut client = Client::new(&simulator);
    client.result("b = [1: \"one\", \"a\": 2: \"two\"]");
    let all = client.get(&Property::variable("b")).data;
    let all = all.as_assoc().expect("it is one");
    assert_eq!((all.get("1"), all.get_two("a", "2"), all.len()), (Some("one"), Some("two"), 2));
    client.follow(&Property::variable("b"));
    client.result("b = [1: \"one\"]");
    let gone = client.event(&Property::variable("b"));
    assert!(gone.deleted && gone.data.as_assoc().is_some_and(|gone| gone.get_two("a", "2").is_some()));
    let element = Property::element("b", Key::one("1"));
    assert_eq!(client.get(&element).data.as_assoc().and_then(|one| one.get("1")), Some("one"));
    client.result("global c[] d; c[1] = 5");
    assert_eq!(client.result("c[1] + d"), Data::text("5"));
}

#[test]
fn commands_without_a_reply_run_and_their_errors_are_events() {
    let simulator = beamline();
    let mut client = Client::new(&simulator);
    client.register(&Property::Error);
    client.send(&Packet::command("H = 4"));
    client.send(&Packet::command("mv nowhere"));
    client.send(&Packet::new(Command::Cmd, 0, "", Data::array(vec![1.0])));
    assert!(client.event(&Property::Error).failure().is_some());
    assert!(client.event(&Property::Error).failure().is_some());
    assert_eq!(client.result("H"), Data::text("4"));
}

#[test]
fn the_queue_of_a_client_is_emptied_by_its_abort() {
    let simulator = beamline();
    let (mut client, mut other) = (Client::new(&simulator), Client::new(&simulator));
    let serials = [client.next_serial(), client.next_serial()];
    client.send(&Packet::command_with_return(serials[0], "sleep(100000)"));
    client.send(&Packet::command_with_return(serials[1], "H = 1"));
    assert!(!client.ready());
    let serial = other.next_serial();
    other.send(&Packet::command_with_return(serial, "K = 1"));
    assert!(!other.ready());
    client.send(&Packet::abort());
    for serial in serials {
        assert!(client.reply(serial).failure().is_some_and(|text| text.contains("^C")));
    }
    assert_eq!(other.reply(serial).failure(), None, "what another one has in the queue is kept");
    assert_eq!(client.result("H * 10 + K"), Data::text("1"));
}
