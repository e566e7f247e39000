//! Motors: how they move, what is told of it, and what is refused.

mod support;

use brickwork_mxspecsim::{MotorSetup, Setup};
use brickwork_spec_protocol::{AllMotors, Data, MotorProperty, Packet, Property, Status};
use support::{Client, FAST, beamline, motor, start};

fn number(value: &Data) -> f64 {
    value.to_number().expect("it is a number")
}

#[test]
fn a_move_is_told_as_by_a_genuine_spec() {
    let simulator = beamline();
    let mut client = Client::new(&simulator);
    let (position, moving) = (motor("phi", MotorProperty::Position), motor("phi", MotorProperty::MoveDone));
    assert_eq!(client.follow(&position), Data::number(0.0));
    assert_eq!(client.follow(&moving), Data::flag(false));
    client.set(&motor("phi", MotorProperty::StartOne), Data::number(90.0));
    let mut heard = Vec::new();
    while heard.last() != Some(&(moving.to_string(), Data::flag(false))) {
        let packet = client.wait_for("the end of the move", |_| true);
        heard.push((packet.name, packet.data));
    }
    assert_eq!(heard[0], (moving.to_string(), Data::flag(true)), "first it moves");
    let way: Vec<f64> = heard[1..heard.len() - 1].iter().map(|(_, value)| number(value)).collect();
    assert!(way.len() > 1 && way.is_sorted(), "then it is on its way: {way:?}");
    assert_eq!(way.last(), Some(&90.0), "it is there before it stands");
    assert_eq!(simulator.position("phi"), Some(90.0));
}

#[test]
fn to_set_the_position_moves_nothing_but_the_offset() {
    let simulator = beamline();
    let mut client = Client::new(&simulator);
    let offset = motor("phiz", MotorProperty::Offset);
    let moving = motor("phiz", MotorProperty::MoveDone);
    assert_eq!(client.follow(&offset), Data::number(0.0));
    client.follow(&moving);
    client.set(&motor("phiz", MotorProperty::Position), Data::number(1.5));
    assert_eq!(client.event(&offset).data, Data::number(1.5));
    assert_eq!(client.get(&motor("phiz", MotorProperty::Position)).data, Data::number(1.5));
    assert_eq!(client.get(&motor("phiz", MotorProperty::DialPosition)).data, Data::number(0.0));
    client.set(&offset, Data::number(-0.5));
    client.until(&offset, &Data::number(-0.5));
    client.set(&motor("phiz", MotorProperty::DialPosition), Data::number(2.0));
    client.result("waitmove");
    assert_eq!(client.get(&motor("phiz", MotorProperty::Position)).data, Data::number(1.5));
    assert!(client.events().iter().all(|(name, _)| *name != moving.to_string()), "it never moved");
}

#[test]
fn limits_are_dial_and_are_set_in_user_units() {
    let reversed = MotorSetup { sign: -1, offset: 10.0, ..MotorSetup::new("m0", "Zero").between(-5.0, 5.0).at(10.0) };
    let simulator = start(Setup::on_any_port().with_motors([reversed]).with_time_scale(FAST));
    let mut client = Client::new(&simulator);
    let (low, high) = (motor("m0", MotorProperty::LowLimit), motor("m0", MotorProperty::HighLimit));
    assert_eq!((client.follow(&low), client.follow(&high)), (Data::number(-5.0), Data::number(5.0)));
    client.set(&motor("m0", MotorProperty::Limits), Data::numbers([8.0, 13.0]));
    client.until(&low, &Data::number(-3.0));
    client.until(&high, &Data::number(2.0));
    client.set(&low, Data::number(14.0));
    client.until(&low, &Data::number(-4.0));
    assert_eq!(client.get(&high).data, Data::number(2.0), "the other one stays");
}

#[test]
fn what_lies_outside_the_limits_is_refused_in_words_and_nothing_moves() {
    let simulator = beamline();
    let mut client = Client::new(&simulator);
    client.register(&Property::Error);
    client.set(&motor("phiz", MotorProperty::StartOne), Data::number(5.5));
    let error = client.event(&Property::Error).failure().expect("it is an error");
    assert_eq!(error, "phiz will hit high limit at 5.");
    assert!(client.failure("mv phiz -5.5").contains("low limit"));
    assert!(client.failure("umv phi 10 phiz 9").contains("high limit"));
    assert_eq!((simulator.position("phiz"), simulator.position("phi")), (Some(0.0), Some(0.0)));
    assert_eq!(client.failure("mv nothing 3"), "\"nothing\" does not exist");
    assert_eq!(client.failure("mv \"nothing\" 3"), "\"nothing\" is not a motor");
}

#[test]
fn a_disabled_motor_and_one_with_a_fault_do_not_move() {
    let simulator = beamline();
    let mut client = Client::new(&simulator);
    let (fault, unusable) = (motor("phi", MotorProperty::MotorFault), motor("phi", MotorProperty::Unusable));
    assert_eq!(client.follow(&fault), Data::flag(false));
    simulator.motor_fault("phi", true).expect("phi is there");
    assert_eq!(client.event(&fault).data, Data::flag(true));
    assert!(client.failure("umv phi 3").contains("motor fault"));
    simulator.motor_fault("phi", false).expect("phi is there");
    assert_eq!(client.follow(&unusable), Data::flag(false));
    client.result("motor_par(phi, \"disable\", 1)");
    assert_eq!(client.event(&unusable).data, Data::flag(true));
    assert!(client.failure("umv phi 3").contains("unusable"));
}

#[test]
fn prepared_motors_start_together() {
    let simulator = beamline();
    let mut client = Client::new(&simulator);
    let done = ["phi", "kappa"].map(|name| motor(name, MotorProperty::MoveDone));
    done.iter().for_each(|done| drop(client.follow(done)));
    client.set(&Property::AllMotors(AllMotors::Prestart), Data::Empty);
    client.set(&motor("phi", MotorProperty::StartOne), Data::number(10.0));
    client.set(&motor("kappa", MotorProperty::StartOne), Data::number(20.0));
    assert_eq!(client.events(), [], "nothing moves yet");
    client.set(&Property::AllMotors(AllMotors::Start), Data::Empty);
    let first = [0, 1].map(|_| client.wait_for("two starts", |_| true));
    assert!(first.iter().all(|event| event.data == Data::flag(true)), "{first:?}");
    done.iter().for_each(|done| client.until(done, &Data::flag(false)));
    assert_eq!((simulator.position("phi"), simulator.position("kappa")), (Some(10.0), Some(20.0)));
    client.register(&Property::Error);
    client.set(&Property::AllMotors(AllMotors::Start), Data::Empty);
    assert!(client.event(&Property::Error).failure().is_some_and(|text| text.contains("prestart_all")));
}

#[test]
fn mv_returns_when_it_has_started_and_a_moving_motor_is_not_started_again() {
    let simulator = start(Setup::on_any_port());
    let mut client = Client::new(&simulator);
    let moving = motor("phi", MotorProperty::MoveDone);
    client.follow(&moving);
    client.result("mv phi 20000");
    client.until(&moving, &Data::flag(true));
    assert!(client.ready(), "it is at the prompt");
    assert_eq!(client.get(&moving).data, Data::flag(true));
    client.register(&Property::Error);
    client.set(&motor("phi", MotorProperty::StartOne), Data::number(0.0));
    assert!(client.event(&Property::Error).failure().is_some_and(|text| text.contains("still moving")));
    client.set(&Property::AllMotors(AllMotors::Abort), Data::Empty);
    client.until(&moving, &Data::flag(false));
    let position = simulator.position("phi").expect("phi is there");
    assert!(position > 0.0 && position < 20_000.0, "{position}");
}

#[test]
fn abort_stops_motors_and_ends_the_command_of_another_client() {
    let simulator = start(Setup::on_any_port());
    let (mut mover, mut other) = (Client::new(&simulator), Client::new(&simulator));
    let moving = motor("phi", MotorProperty::MoveDone);
    other.follow(&moving);
    let serial = mover.next_serial();
    mover.send(&Packet::command_with_return(serial, "umv phi 20000"));
    other.until(&moving, &Data::flag(true));
    other.send(&Packet::abort());
    assert!(mover.reply(serial).failure().is_some_and(|text| text.contains("^C")));
    other.until(&moving, &Data::flag(false));
    assert_eq!(mover.result("p 1"), Data::text("0"), "the next one runs");
}

#[test]
fn a_motor_that_is_there_already_does_not_move() {
    let simulator = beamline();
    let mut client = Client::new(&simulator);
    client.follow(&motor("phi", MotorProperty::MoveDone));
    client.result("umv phi 0");
    assert_eq!(client.events(), []);
}

#[test]
fn backlash_brings_a_motor_to_its_place_from_one_side() {
    let setup = MotorSetup { backlash: 500.0, ..MotorSetup::new("m0", "Zero") };
    let simulator = start(Setup::on_any_port().with_motors([setup]).with_time_scale(0.5));
    let mut client = Client::new(&simulator);
    client.follow(&motor("m0", MotorProperty::Position));
    client.result("umv m0 -1");
    let way: Vec<f64> = client.events().iter().map(|(_, value)| number(value)).collect();
    assert!(way.iter().any(|at| *at < -1.1), "it goes beyond: {way:?}");
    assert_eq!(way.last(), Some(&-1.0));
}

#[test]
fn a_search_finds_the_limit_switch_and_leaving_it_is_told() {
    let simulator = beamline();
    let mut client = Client::new(&simulator);
    let hit = motor("phiz", MotorProperty::HighLimitHit);
    assert_eq!(client.follow(&hit), Data::flag(false));
    client.set(&motor("phiz", MotorProperty::Search), Data::text("lim+"));
    client.until(&hit, &Data::flag(true));
    client.result("waitmove");
    assert_eq!(simulator.position("phiz"), Some(6.0), "the switch lies behind the limit");
    client.result("umv phiz 0");
    client.until(&hit, &Data::flag(false));
    client.set(&motor("phiz", MotorProperty::Search), Data::text("home 1.5"));
    client.result("waitmove");
    assert_eq!(simulator.position("phiz"), Some(1.5), "home is at what was told");
}

#[test]
fn lost_steps_are_a_question_that_a_client_answers() {
    let simulator = beamline();
    let (mut mover, mut other) = (Client::new(&simulator), Client::new(&simulator));
    let (question, dial) = (motor("phi", MotorProperty::SyncCheck), motor("phi", MotorProperty::DialPosition));
    other.register(&question);
    assert_eq!(other.events(), [], "nothing is asked yet");
    other.follow(&dial);
    for (answer, then) in [(1.0, Some(0.04)), (0.0, None)] {
        mover.result("umv phi 0");
        simulator.lose_steps("phi", 40).expect("phi is there");
        other.events();
        let serial = mover.next_serial();
        mover.send(&Packet::command_with_return(serial, "umv phi 10"));
        assert_eq!(other.event(&question).data, Data::text("0 40"));
        assert!(!other.ready(), "spec waits for the answer");
        other.set(&question, Data::number(answer));
        assert_eq!(mover.reply(serial).failure(), None);
        let first = other.events().into_iter().map(|(_, value)| number(&value)).next().expect("it moved");
        assert_eq!(first == 0.04, then.is_some(), "the controller's position is taken, or not: {first}");
        assert_eq!(simulator.position("phi"), Some(10.0));
    }
    other.register(&Property::Error);
    other.set(&question, Data::number(1.0));
    assert!(other.event(&Property::Error).failure().is_some_and(|text| text.contains("did not ask")));
}

#[test]
fn a_motor_that_is_moved_by_hand_tells_where_it_is() {
    let simulator = beamline();
    let mut client = Client::new(&simulator);
    let position = motor("phi", MotorProperty::Position);
    client.follow(&position);
    simulator.move_by_hand("phi", 12.0).expect("phi stands");
    assert_eq!(client.event(&position).data, Data::number(12.0));
    assert!(simulator.move_by_hand("nothing", 1.0).is_err());
}

#[test]
fn rates_are_set_and_a_slower_motor_is_told() {
    let simulator = beamline();
    let mut client = Client::new(&simulator);
    let slew = motor("phi", MotorProperty::SlewRate);
    client.follow(&slew);
    client.set(&slew, Data::number(45_000.0));
    assert_eq!(client.event(&slew).data, Data::number(45_000.0));
    client.register(&Property::Error);
    client.set(&slew, Data::number(-1.0));
    assert!(client.event(&Property::Error).failure().is_some());
}

#[test]
fn commands_of_two_clients_run_one_after_the_other() {
    let simulator = beamline();
    let (mut one, mut other) = (Client::new(&simulator), Client::new(&simulator));
    let ready = Property::Status(Status::Ready);
    one.follow(&ready);
    let serial = one.next_serial();
    one.send(&Packet::command_with_return(serial, "sleep(1); H = 1"));
    one.until(&ready, &Data::flag(false));
    assert_eq!(other.result("H == 1"), Data::flag(true), "it ran behind the first");
    assert_eq!(one.reply(serial).failure(), None);
}
