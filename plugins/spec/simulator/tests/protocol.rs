//! The protocol: who is there, what is read, set and followed, and what is refused.

mod support;

use brickwork_mxspecsim::{MotorSetup, Setup, Simulator, StartError};
use brickwork_spec_protocol::{Array, Assoc, Call, Command, Data, Key, MotorProperty, Packet, Property, Status};
use support::{Client, beamline, dialects, motor, start};

#[test]
fn hello_is_answered_with_the_name_in_each_dialect() {
    let simulator = beamline();
    for dialect in dialects() {
        let mut client = Client::speaking(&simulator, dialect);
        client.send(&Packet { serial: 5, ..Packet::hello("test") });
        let reply = client.receive().expect("it answers");
        assert_eq!((reply.command, reply.serial, reply.name.as_str()), (Command::HelloReply, 5, "mxspecsim"));
        assert_eq!(reply.data, Data::text("mxspecsim"), "{dialect:?}");
        assert_eq!(client.result("p 1"), Data::text("0"));
    }
}

#[test]
fn a_property_is_told_once_at_once_and_then_at_each_change() {
    let simulator = beamline();
    let (mut one, mut other) = (Client::new(&simulator), Client::new(&simulator));
    let h = Property::variable("H");
    assert_eq!(one.follow(&h), Data::number(0.0));
    other.set(&h, Data::number(2.5));
    assert_eq!(one.event(&h).data, Data::number(2.5));
    one.send(&Packet::unregister(&h));
    assert!(one.ready());
    other.set(&h, Data::number(3.0));
    assert!(other.ready());
    assert_eq!(one.events(), [], "who is no longer interested hears nothing");
}

#[test]
fn what_does_not_exist_is_an_error_when_read_and_silence_when_followed() {
    let simulator = beamline();
    let mut client = Client::new(&simulator);
    for name in ["var/nothing", "motor/nothing/position", "scaler/nothing/value", "nonsense", "motor/phi/limits"] {
        let property = Property::parse(name);
        let reply = client.get(&property);
        assert!(reply.failure().is_some(), "{name}");
        assert!(reply.error > 0 && reply.name == name);
        client.register(&property);
    }
    assert_eq!(client.events(), []);
    client.set(&Property::variable("nothing"), Data::number(7.0));
    assert_eq!(client.event(&Property::variable("nothing")).data, Data::number(7.0), "now it exists");
}

#[test]
fn what_cannot_be_set_is_told_as_an_error_event() {
    let simulator = beamline();
    let mut client = Client::new(&simulator);
    client.register(&Property::Error);
    for (name, value) in [
        ("motor/phi/sign", Data::number(1.0)),
        ("motor/phi/start_one", Data::text("far away")),
        ("motor/phi/limits", Data::text("1")),
        ("scaler/i0/value", Data::number(1.0)),
        ("status/ready", Data::number(1.0)),
        ("var/phi", Data::number(1.0)),
        ("var/1x", Data::number(1.0)),
        ("nonsense", Data::Empty),
    ] {
        client.send(&Packet::new(Command::ChanSend, 0, name, value));
        let error = client.event(&Property::Error);
        assert!(
            error
                .failure()
                .is_some_and(|text| text.contains(name.rsplit('/').next().unwrap_or(name)) || text.contains("phi")),
            "{name}: {error:?}"
        );
    }
}

#[test]
fn variables_of_all_kinds_travel_both_ways() {
    let simulator = beamline();
    for dialect in dialects() {
        let mut client = Client::speaking(&simulator, dialect);
        let grid = Array::grid(2, vec![1.5_f32, 2.5, -3.5, 4.5]).expect("two rows of two");
        for value in [
            Data::text("a text"),
            Data::text(""),
            Data::number(-2.5e-7),
            Data::array(vec![1.5, -2.5]),
            Data::array(vec![1_i32, -2, 3]),
            Data::array(vec!["abc".to_owned(), "de".to_owned()]),
            Data::Array(grid),
        ] {
            client.set(&Property::variable("x"), value.clone());
            let read = client.get(&Property::variable("x")).data;
            assert!(read == value || (value == Data::text("") && read == Data::text("")), "{read:?}, not {value:?}");
        }
    }
}

#[test]
fn a_data_array_is_read_but_not_told_of() {
    let simulator = beamline();
    let mut client = Client::new(&simulator);
    let spectrum = Property::variable("XFE_DATA");
    client.register(&spectrum);
    client.set(&spectrum, Data::array(vec![1_u32, 2]));
    assert_eq!(client.get(&spectrum).data, Data::array(vec![1_u32, 2]));
    assert_eq!(client.events(), []);
    assert_eq!(client.result("XFE_DATA[1]"), Data::number(2.0));
}

#[test]
fn elements_of_an_associative_array_are_set_told_and_deleted() {
    let simulator = beamline();
    let (mut client, mut other) = (Client::new(&simulator), Client::new(&simulator));
    let (all, one) = (Property::variable("box"), Property::element("box", Key::two("a", "b")));
    client.set(&all, Data::Assoc(Assoc::new().with("x", "1").with(Key::two("a", "b"), "2")));
    assert_eq!(client.follow(&all).as_assoc().map(Assoc::len), Some(2));
    assert_eq!(client.follow(&one), Data::Assoc(Assoc::new().with(Key::two("a", "b"), "2")));

    other.set(&Property::element("box", "x"), Data::text("3"));
    assert_eq!(client.event(&all).data, Data::Assoc(Assoc::new().with("x", "3")), "only what changed is told");
    other.send(&Packet::new(Command::ChanSend, 0, "var/box/x", Data::text("4")));
    assert_eq!(client.event(&all).data, Data::Assoc(Assoc::new().with("x", "4")), "the form with a slash is known");

    assert_eq!(other.result("box[\"a\"][\"b\"] * 2"), Data::number(4.0));
    other.result("delete box[\"a\"][\"b\"]");
    for property in [&all, &one] {
        let gone = client.event(property);
        assert!(gone.deleted);
        assert!(gone.data.as_assoc().is_some_and(|gone| gone.get_two("a", "b").is_some()));
    }
    other.result("unglobal box");
    assert!(client.event(&all).deleted);
    assert!(client.get(&all).failure().is_some());
}

#[test]
fn calls_come_in_both_forms() {
    let simulator = beamline();
    let mut client = Client::new(&simulator);
    let call = Call::new("add").with_number(2.0).with_number(3.0);
    assert_eq!(client.call(&call).data, Data::number(5.0));
    let serial = client.next_serial();
    let text = Packet::new(Command::FuncWithReturn, serial, "", Data::text("add(2, 3)"));
    assert_eq!(client.ask(&text).data, Data::number(5.0));
    assert!(
        client.call(&Call::new("no_such_function")).failure().is_some_and(|text| text.contains("no_such_function"))
    );
    client.register(&Property::Error);
    client.send(&Packet::function(&Call::new("add").with("1")));
    assert!(client.event(&Property::Error).failure().is_some_and(|text| text.contains("add needs more")));
    client.send(&Packet::new(Command::Func, 0, "", Data::text("add(1")));
    assert!(client.event(&Property::Error).failure().is_some_and(|text| text.contains("Syntax error")));
    assert_eq!(client.call(&Call::new("motor_num").with_text("phiz")).data, Data::number(1.0));
}

#[test]
fn a_packet_that_cannot_be_read_is_refused_and_the_next_one_is_read() {
    let simulator = beamline();
    let mut client = Client::new(&simulator);
    let packet = Packet::read(9, &Property::variable("H"));
    let mut bytes = packet
        .encode(brickwork_spec_protocol::Version::V4, brickwork_spec_protocol::ByteOrder::Little)
        .expect("it is a packet");
    bytes[24] = 99;
    client.send_bytes(&bytes);
    assert!(client.reply(9).failure().is_some_and(|text| text.contains("99")));
    assert_eq!(client.result("1 + 1"), Data::number(2.0));
}

#[test]
fn who_sends_no_packets_is_cut_off_and_others_are_not() {
    let simulator = beamline();
    let (mut bad, mut good) = (Client::new(&simulator), Client::new(&simulator));
    bad.send_bytes(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert_eq!(bad.receive(), None);
    assert_eq!(good.result("1 + 1"), Data::number(2.0));
}

#[test]
fn a_client_that_says_goodbye_is_gone() {
    let simulator = beamline();
    let mut client = Client::new(&simulator);
    assert!(client.ready());
    assert_eq!(simulator.clients(), 1);
    client.send(&Packet::close());
    assert_eq!(client.receive(), None);
}

#[test]
fn the_status_is_told() {
    let simulator = beamline();
    let mut client = Client::new(&simulator);
    for (status, value) in [(Status::Ready, "1"), (Status::Shell, "0"), (Status::Simulate, "0"), (Status::Quit, "0")] {
        assert_eq!(client.follow(&Property::Status(status)), Data::text(value), "{status:?}");
    }
    client.result("sleep(0.1)");
    let ready = Property::Status(Status::Ready);
    client.until(&ready, &Data::flag(false));
    client.until(&ready, &Data::flag(true));
    client.send(&Packet::command("quit"));
    client.until(&Property::Status(Status::Quit), &Data::flag(true));
}

#[test]
fn a_setup_that_cannot_be_is_refused_with_its_cure() {
    let wrong = |setup: Setup| match Simulator::start(setup) {
        Err(StartError::Setup(text)) => text,
        _ => panic!("it must be refused"),
    };
    let named = |name: &str| Setup { name: name.to_owned(), ..Setup::on_any_port() };
    assert!(wrong(named("eh1")).contains("put `sim` into it"));
    assert!(wrong(named(&"sim".repeat(40))).contains("shorter"));
    let motors = |motor: MotorSetup| Setup::on_any_port().with_motors([motor]);
    assert!(wrong(motors(MotorSetup::new("m 0", ""))).contains("\"m 0\""));
    assert!(wrong(motors(MotorSetup::new("m0", "").between(1.0, -1.0))).contains("low_limit of m0"));
    assert!(wrong(motors(MotorSetup { sign: 2, ..MotorSetup::new("m0", "") })).contains("sign of m0"));
    assert!(wrong(motors(MotorSetup::new("sec", ""))).contains("\"sec\""), "a counter has that mnemonic");
    assert!(wrong(Setup::on_any_port().with_time_scale(0.0)).contains("time scale"));
    let first = start(Setup::on_any_port());
    let taken = Setup { port: Some(first.port), ..Setup::default() };
    assert!(matches!(Simulator::start(taken), Err(StartError::Port { .. })));
}

#[test]
fn other_motors_can_be_simulated() {
    let motors =
        [MotorSetup::new("m0", "Zero").at(1.0), MotorSetup { sign: -1, offset: 2.0, ..MotorSetup::new("m1", "One") }];
    let simulator = start(Setup::on_any_port().with_motors(motors));
    let mut client = Client::new(&simulator);
    assert_eq!(client.follow(&motor("m0", MotorProperty::Position)), Data::number(1.0));
    assert_eq!(client.follow(&motor("m1", MotorProperty::DialPosition)), Data::number(2.0));
    assert!(client.get(&motor("phi", MotorProperty::Position)).failure().is_some());
}
