//! Connections: how spec is found, greeted and kept, and what a person reads when it is not there.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};

use brickwork_sdk::status::Link;
use brickwork_sdk::testing::{FakeHost, fields};
use brickwork_sdk::{ErrorKind, HardwareObject, ObjectContext, Result, Role, Value};
use brickwork_spec_protocol::{ByteOrder, Command, Data, Decoder, Packet, Version};

use crate::attend::Session;

use super::server::{Server, own_host, search_port, told};
use super::{error, host, is_disconnected, live_session, object, session};

#[test]
fn a_spec_at_a_port_is_greeted_and_tells_its_name() {
    let (host, server) = (host(), Server::start("fourc"));
    let session = live_session(&host, &server);
    assert_eq!(session.value::<String>("name"), "fourc");
    assert_eq!(session.value::<String>("address"), server.at_text());
    assert_eq!(server.seen(Command::Hello)[0], "HELLO brickwork");
}

#[test]
fn a_spec_is_found_by_its_name_among_the_ports_of_the_search() {
    let own = own_host();
    let (_other, silent) = (Server::at(search_port(own, 6510), "eh2"), Server::at(search_port(own, 6511), ""));
    let wanted = Server::at(search_port(own, 6513), "eh1");
    silent.hook(|_| Some(Vec::new()));
    let host = host();
    let session = session(&host, &format!("{own}:eh1"));
    session.wait_live();
    assert_eq!(session.value::<String>("name"), "eh1");
    assert_eq!(wanted.connections(), 1, "the connection of the search is kept");
}

#[test]
fn a_name_that_no_port_has_is_told_with_what_was_found_and_looked_for_again() {
    let own = own_host();
    let _other = Server::at(search_port(own, 6512), "eh2");
    let host = host();
    let session = session(&host, &format!("{own}:eh1"));
    let status = session.wait_status("told", |status| status.last_error.contains("not found"));
    let told =
        format!("spec \"eh1\" on {own} is not found: ports 6510 to 6530 were tried; 6512 is \"eh2\", the others");
    assert!(status.last_error.starts_with(&told), "{}", status.last_error);
    assert!(status.last_error.contains("(since "), "{}", status.last_error);
    assert!(status.remedy.contains("Start eh1"), "{}", status.remedy);
    let _late = Server::at(search_port(own, 6530), "eh1");
    session.wait_live();
}

#[test]
fn a_spec_that_hangs_up_on_newer_greetings_is_greeted_in_its_own_version() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
    let address = listener.local_addr().expect("it is bound");
    std::thread::spawn(move || {
        // Spec of 2003: it knows headers of 124 bytes and nothing else.
        for socket in listener.incoming().map_while(std::io::Result::ok) {
            serve_old(socket);
        }
    });
    let host = host();
    let session = session(&host, &address.to_string());
    session.wait_live();
    assert_eq!(session.value::<String>("name"), "old");
}

/// Answers greetings of version 2, and hangs up on all others.
fn serve_old(mut socket: TcpStream) {
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = socket.read(&mut buffer) {
        if u32::from_le_bytes([buffer[4], buffer[5], buffer[6], buffer[7]]) != 2 {
            return;
        }
        let mut decoder = Decoder::new();
        decoder.push(&buffer[..count]);
        while let Ok(Some(packet)) = decoder.next() {
            let reply = Packet::hello_reply(packet.serial, "old").encode(Version::V2, ByteOrder::Little);
            if packet.command == Command::Hello && socket.write_all(&reply.expect("the name is short")).is_err() {
                return;
            }
        }
    }
}

#[test]
fn a_spec_that_is_started_later_is_found_without_a_person() {
    let host = host();
    let server = Server::start("fourc");
    let address = server.address;
    drop(server);
    let session = session(&host, &address.to_string());
    let status = session.wait_status("told", |status| status.last_error.contains("refused"));
    assert!(status.last_error.starts_with(&format!("spec {address} is not there")), "{}", status.last_error);
    assert!(status.remedy.contains(&format!("`spec -S {}`", address.port())), "{}", status.remedy);
    let _server = Server::again(address, "fourc");
    session.wait_live();
}

#[test]
fn a_name_of_a_host_that_is_not_known_is_told() {
    let host = host();
    let session = session(&host, "no-such-host.invalid:6510");
    let status = session.wait_status("told", |status| status.last_error.contains("is not known"));
    assert!(status.remedy.contains("Correct `at`"), "{}", status.remedy);
}

#[test]
fn somebody_who_takes_the_connection_and_says_nothing_is_told() {
    let host = host();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
    let session = session(&host, &listener.local_addr().expect("it is bound").to_string());
    let status = session.wait_status("told", |status| status.last_error.contains("did not answer HELLO"));
    assert!(status.remedy.contains("paused (Ctrl-Z)"), "{}", status.remedy);
}

#[test]
fn a_server_of_another_protocol_is_told() {
    let host = host();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
    let address = listener.local_addr().expect("it is bound").to_string();
    std::thread::spawn(move || {
        use std::io::Write;
        while let Ok((mut socket, _)) = listener.accept() {
            // It is answered once; the client leaves then.
            let _ = socket.write_all(b"SSH-2.0-OpenSSH_9.2\r\n");
            std::mem::forget(socket);
        }
    });
    let session = session(&host, &address);
    let status = session.wait_status("told", |status| status.last_error.contains("does not speak the protocol"));
    assert!(status.remedy.contains("Another program"), "{}", status.remedy);
}

#[test]
fn all_objects_of_one_address_share_one_connection_and_it_ends_with_the_last() {
    let (host, server) = (host(), Server::start("fourc"));
    let session = live_session(&host, &server);
    ["phi", "chi"].into_iter().for_each(|motor| server.motor(motor, 0.0));
    let phi = object(&host, "phi", "spec.motor", fields! { motor: "phi" });
    let chi = object(&host, "chi", "spec.motor", fields! { motor: "chi" });
    phi.wait_live();
    chi.wait_live();
    assert_eq!(server.connections(), 1);
    phi.stop();
    session.stop();
    server.set_number("motor/chi/position", 3.0);
    chi.wait_value("position", |position: &f64| *position == 3.0);
    assert_eq!(server.clients(), 1);
    chi.stop();
    server.wait_for("CLOSE");
    server.wait_no_clients();
}

#[test]
fn a_property_is_registered_once_and_given_back_by_its_last_reader() {
    let (host, server) = (host(), Server::start("fourc"));
    let _session = live_session(&host, &server);
    server.motor("phi", 1.0);
    let one = object(&host, "one", "spec.motor", fields! { motor: "phi" });
    one.wait_live();
    let two = object(&host, "two", "spec.motor", fields! { motor: "phi" });
    two.wait_live();
    let registered = server.seen(Command::Register);
    assert_eq!(registered.iter().filter(|name| *name == "REGISTER motor/phi/position").count(), 1);
    one.stop();
    two.stop();
    server.wait_for("UNREGISTER motor/phi/position");
}

#[test]
fn everything_is_registered_again_when_spec_comes_back() {
    let (host, server) = (host(), Server::start("fourc"));
    server.set_number("status/ready", 1.0);
    let session = live_session(&host, &server);
    server.wait_for("REGISTER output/tty");
    server.cut();
    session.wait_status("lost", is_disconnected);
    session.wait_live();
    server.wait_count("REGISTER output/tty", 2);
    server.event("output/tty", Data::text("back\n"));
    session.wait_value("output", |lines: &Vec<String>| lines == &["back"]);
}

#[test]
fn a_spec_of_an_older_version_and_of_the_other_byte_order_is_spoken_to_in_its_own() {
    for version in Version::ALL {
        for order in [ByteOrder::Little, ByteOrder::Big] {
            let (host, server) = (host(), Server::start("old"));
            server.speak(version, order);
            server.motor("phi", 12.5);
            let _session = live_session(&host, &server);
            let phi = object(&host, "phi", "spec.motor", fields! { motor: "phi" });
            phi.wait_live();
            assert_eq!(phi.value::<f64>("position"), 12.5);
            let dialect = server.dialects();
            assert!(dialect.contains(&(version, order)), "{dialect:?}");
        }
    }
}

#[test]
fn a_paused_spec_is_said_not_to_answer_and_goes_on_where_it_was() {
    let (host, server) = (host(), Server::start("fourc"));
    let session = live_session(&host, &server);
    let running = session.begin("spec_session", "run", fields! { command: "ascan phi 0 1 10 1" });
    let asked = server.wait_for("CMD_WITH_RETURN ascan phi 0 1 10 1");
    server.pause();
    let status = session.wait_status("silent", is_disconnected);
    assert!(status.last_error.contains("does not answer (since "), "{}", status.last_error);
    assert!(status.remedy.contains("Nothing was aborted"), "{}", status.remedy);
    assert!(!running.is_over(), "it may still come to its end");
    server.go_on();
    session.wait_live();
    assert_eq!(server.connections(), 1, "the connection was kept");
    server.send(&Packet::reply(asked.serial, "", Data::text("0")));
    assert_eq!(running.wait().into_result().expect("it ended well"), Value::from("0"));
}

#[test]
fn a_spec_that_stays_silent_is_given_up_and_what_waits_for_it_ends() {
    let server = Server::start("fourc");
    // The time limits are of the engine's clock, which runs five times faster.
    let host = FakeHost::with_time_scale(crate::plugin(), 5.0);
    let session = live_session(&host, &server);
    let running = session.begin("spec_session", "run", fields! { command: "loopscan 0 1" });
    server.wait_for("CMD_WITH_RETURN loopscan 0 1");
    server.pause();
    let end = error(running.wait());
    assert!(end.message.contains("did not answer for 10 s, so the connection was given up"), "{end}");
    server.go_on();
    session.wait_live();
}

#[test]
fn objects_follow_their_session_to_another_address() {
    let (host, [one, other]) = (host(), ["one", "other"].map(Server::start));
    one.motor("phi", 1.0);
    other.motor("phi", 2.0);
    let session = live_session(&host, &one);
    let phi = object(&host, "phi", "spec.motor", fields! { motor: "phi" });
    phi.wait_live();
    session.stop();
    live_session(&host, &other);
    phi.wait_value("position", |position: &f64| *position == 2.0);
    one.wait_no_clients();
}

/// An object that panics once spec is there.
struct Panics(Session);

impl HardwareObject for Panics {
    const KIND: &'static str = "test.panics";
    type Config = ();

    fn roles() -> Vec<Role> {
        vec![Session::role()]
    }

    fn new((): (), ctx: &ObjectContext) -> Result<Self> {
        Session::bind(ctx).map(Self)
    }

    async fn run(&self, ctx: &ObjectContext) -> Result<()> {
        self.0.attend(ctx, async |_| panic!("a mistake of one object")).await
    }
}

#[test]
fn a_panic_of_one_object_leaves_the_connection_to_the_others() {
    let (host, server) = (FakeHost::new(crate::plugin().object::<Panics>(Vec::new())), Server::start("fourc"));
    server.motor("phi", 1.0);
    live_session(&host, &server);
    let phi = object(&host, "phi", "spec.motor", fields! { motor: "phi" });
    phi.wait_live();
    let panics = host.object("panics", "test.panics").role("session", "spec").start();
    assert_eq!(panics.take_panic().message, "a mistake of one object");
    server.set_number("motor/phi/position", 2.0);
    phi.wait_value("position", |position: &f64| *position == 2.0);
    assert_eq!((server.connections(), phi.status().reconnects), (1, 0));
}

#[test]
fn an_idle_spec_is_asked_whether_it_is_there_and_stays_live() {
    let (host, server) = (host(), Server::start("fourc"));
    let session = live_session(&host, &server);
    server.wait_count("HELLO brickwork", 3);
    assert_eq!((session.status().link, session.status().reconnects), (Link::Live, 0));
    assert_eq!(server.connections(), 1);
}

#[test]
fn answers_find_their_question_in_any_order() {
    let (host, server) = (host(), Server::start("fourc"));
    let session = live_session(&host, &server);
    let ask = |command: &str| session.begin("spec_session", "run", fields! { command: command });
    let (one, two) = (ask("p 1"), ask("p 2"));
    let serials = ["p 1", "p 2"].map(|text| server.wait_for(&format!("CMD_WITH_RETURN {text}")).serial);
    assert_ne!(serials[0], serials[1]);
    server.send(&Packet::reply(serials[1], "", Data::text("two")));
    server.send(&Packet::reply(99_999, "", Data::text("nobody asked")));
    assert_eq!(two.wait().into_result().expect("it ended well"), Value::from("two"));
    assert!(!one.is_over());
    server.send(&Packet::reply(serials[0], "", Data::text("one")));
    assert_eq!(one.wait().into_result().expect("it ended well"), Value::from("one"));
}

#[test]
fn a_command_ends_once_when_the_link_dies_in_the_middle_of_it() {
    let (host, server) = (host(), Server::start("fourc"));
    let session = live_session(&host, &server);
    let running = session.begin("spec_session", "run", fields! { command: "dscan phi -1 1 20 1" });
    server.wait_for("CMD_WITH_RETURN dscan phi -1 1 20 1");
    server.cut();
    let end = error(running.wait());
    assert_eq!(end.kind, ErrorKind::Failed);
    assert!(end.message.contains("closed the connection") || end.message.contains("cut off"), "{end}");
}

#[test]
fn what_spec_refuses_is_told_in_its_own_words() {
    let (host, server) = (host(), Server::start("fourc"));
    let session = live_session(&host, &server);
    let running = session.begin("spec_session", "run", fields! { command: "nonsense" });
    let asked = server.wait_for("CMD_WITH_RETURN nonsense");
    server.send(&Packet::error_reply(asked.serial, "", 1, "\"nonsense\" undefined\n"));
    assert_eq!(error(running.wait()).message, "spec refused the command \"nonsense\": \"nonsense\" undefined");
}

#[test]
fn a_wrong_packet_costs_its_own_request_and_nothing_else() {
    let (host, server) = (host(), Server::start("fourc"));
    let session = live_session(&host, &server);
    let running = session.begin("spec_session", "run", fields! { command: "p 1" });
    let asked = server.wait_for("CMD_WITH_RETURN p 1");
    server.send_wrong(asked.serial);
    let end = error(running.wait());
    assert!(end.message.contains("the answer of spec is wrong"), "{end}");
    assert_eq!(server.connections(), 1);
    assert_eq!(told(&asked), "CMD_WITH_RETURN p 1");
}
