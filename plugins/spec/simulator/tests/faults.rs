//! How it misbehaves when it is told to.

mod support;

use std::net::TcpStream;
use std::time::Duration;

use brickwork_mxspecsim::{Fault, Faults, MotorSetup, Setup};
use brickwork_spec_protocol::{Data, MotorProperty, PORTS, Packet, Property};
use support::{Client, beamline, motor, start};

#[test]
fn a_hanging_spec_accepts_and_says_nothing_until_it_goes_on() {
    let simulator = beamline();
    let mut client = Client::new(&simulator);
    assert!(client.ready());
    simulator.hang(true);
    let mut late = Client::new(&simulator);
    late.send(&Packet::command("H = 7"));
    client.send(&Packet::command("H = 8"));
    std::thread::scope(|scope| {
        // It is released by another thread: this one waits for the answer.
        scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(200));
            assert_eq!(simulator.variable("H"), Some(Data::text("0")), "it did nothing");
            simulator.hang(false);
        });
        assert!(late.result("H").to_number().is_ok_and(|h| h >= 7.0));
    });
}

#[test]
fn a_spec_can_be_told_to_hang_by_its_own_function() {
    let simulator = beamline();
    let mut client = Client::new(&simulator);
    client.send(&Packet::command("mxsim_fault(\"hang\")"));
    while !simulator.faults().hangs {
        std::thread::yield_now();
    }
    simulator.hang(false);
    assert!(client.failure("mxsim_fault(\"nonsense\")").contains("is no fault"));
    client.result("mxsim_fault late 1");
    client.result("mxsim_fault drop 3");
    assert_eq!(simulator.faults(), Faults { hangs: false, late_ms: 1, drops_every: 3 });
    client.result("mxsim_fault none");
    assert_eq!(simulator.faults(), Faults::default());
}

#[test]
fn a_spec_that_dies_closes_its_connections_and_its_port() {
    let mut simulator = beamline();
    let mut client = Client::new(&simulator);
    assert!(client.ready());
    simulator.kill();
    assert_eq!(client.receive(), None);
    assert!(TcpStream::connect(("127.0.0.1", simulator.port)).is_err());

    let mut simulator = beamline();
    let mut client = Client::new(&simulator);
    client.send(&Packet::command("mxsim_fault die"));
    while client.receive().is_some() {}
    simulator.wait();
    assert!(!simulator.is_running());
}

#[test]
fn a_spec_that_hangs_can_be_killed() {
    let mut simulator = start(Setup { faults: Faults { hangs: true, ..Faults::default() }, ..Setup::on_any_port() });
    let mut client = Client::new(&simulator);
    client.send(&Packet::hello("test"));
    simulator.kill();
    assert_eq!(client.receive(), None);
}

#[test]
fn a_spec_begins_again_on_its_port_with_other_motors() {
    let simulator = beamline();
    let mut client = Client::new(&simulator);
    client.result("H = 5");
    simulator.restart(Setup::on_any_port().with_motors([MotorSetup::new("m0", "Zero")])).expect("it can be");
    assert_eq!(client.receive(), None);
    let mut client = reconnect(&simulator);
    assert_eq!(client.get(&motor("m0", MotorProperty::Position)).data, Data::text("0"));
    assert!(client.get(&motor("phi", MotorProperty::Position)).failure().is_some());
    assert_eq!(client.result("H"), Data::text("0"), "what it knew is forgotten");
    client.send(&Packet::command("mxsim_fault restart a b"));
    while client.receive().is_some() {}
    let mut client = reconnect(&simulator);
    assert_eq!(client.result("motor_mne(1)"), Data::text("b"));
}

/// As clients do: again and again until somebody listens.
fn reconnect(simulator: &brickwork_mxspecsim::Simulator) -> Client {
    while TcpStream::connect(("127.0.0.1", simulator.port)).is_err() {
        std::thread::yield_now();
    }
    Client::new(simulator)
}

#[test]
fn events_are_dropped_and_replies_are_not() {
    let simulator = beamline();
    let mut client = Client::new(&simulator);
    let h = Property::variable("H");
    client.follow(&h);
    simulator.drop_every(2);
    (1..=10).for_each(|value| client.set(&h, Data::integer(value)));
    let heard: Vec<_> = client.events();
    assert_eq!(heard.len(), 5, "{heard:?}");
    simulator.drop_every(0);
    client.set(&h, Data::integer(11));
    assert_eq!(client.event(&h).data, Data::integer(11));
}

#[test]
fn a_late_spec_answers_all_the_same() {
    let simulator = beamline();
    let mut client = Client::new(&simulator);
    simulator.answer_late(Duration::from_millis(30));
    assert_eq!(client.result("1 + 1"), Data::text("2"));
    simulator.answer_late(Duration::ZERO);
    assert_eq!(client.result("1 + 2"), Data::text("3"));
}

#[test]
fn the_words_of_faults_are_understood_or_refused() {
    let parsed = |text: &str| text.parse::<Fault>();
    assert_eq!(parsed("late 500"), Ok(Fault::Late(500)));
    assert_eq!(parsed("restart m0, m1"), Ok(Fault::Restart(vec!["m0".to_owned(), "m1".to_owned()])));
    assert_eq!(parsed("lose phi -40"), Ok(Fault::LoseSteps("phi".to_owned(), -40)));
    for wrong in ["", "late", "late soon", "drop -1", "explode", "lose phi many"] {
        assert!(parsed(wrong).is_err(), "{wrong}");
    }
    let simulator = beamline();
    assert!(simulator.fault(&Fault::Motor("nothing".to_owned())).is_err());
    assert!(simulator.restart(Setup { name: "real".to_owned(), ..Setup::default() }).is_err());
}

#[test]
fn without_a_port_the_first_free_one_of_spec_is_taken() {
    let simulators = [start(Setup::default()), start(Setup::default())];
    assert!(simulators.iter().all(|simulator| PORTS.contains(&simulator.port)));
    assert!(simulators[0].port != simulators[1].port);
}

#[test]
fn a_client_that_reads_nothing_is_cut_off_and_costs_no_other() {
    let simulator = beamline();
    let mut lazy = Client::new(&simulator);
    let h = Property::variable("H");
    lazy.follow(&h);
    let mut busy = Client::new(&simulator);
    assert!(busy.ready());
    let long = "x".repeat(10_000);
    while simulator.clients() == 2 {
        busy.set(&h, Data::text(&long));
        assert!(busy.ready());
    }
    assert_eq!(busy.result("1 + 1"), Data::text("2"));
}

#[test]
fn many_events_at_once_come_in_order_without_those_that_are_dropped() {
    let simulator = beamline();
    let mut client = Client::new(&simulator);
    client.register(&Property::Error);
    assert!(client.ready());
    simulator.drop_every(3);
    let values: Vec<Data> = (1..=9).map(|number| Data::number(number.into())).collect();
    simulator.send_events(&Property::Error, &values[..4]);
    simulator.send_events(&Property::Error, &values[4..]);
    assert_eq!(client.events().len(), 6, "one of three is missing");
    simulator.drop_every(0);
    simulator.send_events(&Property::Error, &values);
    let came: Vec<Data> = client.events().into_iter().map(|(_, data)| data).collect();
    assert_eq!(came, values);
}

#[test]
fn what_waits_for_a_client_that_does_not_read_is_known() {
    let simulator = beamline();
    let mut client = Client::new(&simulator);
    client.register(&Property::Error);
    assert!(client.ready());
    simulator.hang(true);
    let long = Data::text("x".repeat(100));
    // The first may be on its way to the socket already.
    (0..5).for_each(|_| simulator.send_events(&Property::Error, std::slice::from_ref(&long)));
    assert!((4..=5).contains(&simulator.waiting()), "{}", simulator.waiting());
    simulator.hang(false);
    assert_eq!(client.events().len(), 5);
    assert_eq!(simulator.waiting(), 0);
}
