//! What the window and the command say of the beamline's own health: connections, versions, the support archive.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use brickwork_link::layout_name;
use brickwork_sdk::status::Link;
use brickwork_tests::beamline::{Beamline, shipped};
use brickwork_tests::programs::built;
use brickwork_tests::{PATIENCE, display, mjpeg, poll, programs};

#[test]
fn a_dead_camera_stands_first_in_connections_with_its_error_and_what_depends_on_it() {
    if !programs::have(display::PROGRAMS) || !programs::have(&["ffmpeg"]) {
        return;
    }
    let port = mjpeg::free_port();
    let mut server = mjpeg::serve(port);
    let beamline = Beamline::open(&shipped("demo-mjpeg.ron").replace(":8093/", &format!(":{port}/")));
    beamline.display.act(&["key", "ctrl+k"]);
    beamline.sees("all 3 objects are live");

    server.kill();
    beamline.sees("Connections · 1 down");
    beamline.sees("1 of 3 objects not live");
    let seen = beamline.wait("the camera's error", PATIENCE, |seen| {
        seen.iter().any(|seen| seen.words.starts_with(&format!("camera at 127.0.0.1:{port}:")))
    });
    let row = |name: &str| {
        let id = format!("shell/connections/objects/{name}");
        seen.iter().find(|seen| seen.id == id).expect("every object has a row").place.1
    };
    assert!(row("onaxis") < row("focus") && row("focus") < row("omega"), "what is down stands first");
    beamline.sees("camera.view");
    beamline.click("shell/connections/objects/onaxis");
    beamline.sees("needed by bricks");
    beamline.sees("camera.view(camera=onaxis)");
    beamline.click("shell/connections/save");
    let report = std::fs::read_to_string(written(&beamline)).expect("it is written");
    for words in ["DEMO", "3 objects, 1 not live", "onaxis  disconnected", "camera.view(camera=onaxis)"] {
        assert!(report.contains(words), "{words:?} in {report}");
    }

    let _server = mjpeg::serve(port);
    beamline.sees("all 3 objects are live");
    beamline.no_longer_sees("1 down");
}

/// The path that the status line tells, of a file for its owner alone.
fn written(beamline: &Beamline) -> PathBuf {
    let seen = beamline.wait("a path", PATIENCE, |seen| seen.iter().any(|seen| seen.words.starts_with("written: ")));
    let path = seen.iter().find_map(|seen| seen.words.strip_prefix("written: ")).expect("it was just seen");
    let mode = std::fs::metadata(path).expect("it lies where it is said").permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "nobody else reads it");
    path.into()
}

#[test]
fn a_replaced_plugin_stands_in_about_with_its_generation_and_a_refused_one_with_the_reason() {
    if !programs::have(display::PROGRAMS) {
        return;
    }
    let beamline = Beamline::open(&shipped("demo.ron"));
    let motors = "libbrickwork_motors.so";
    beamline.display.act(&["key", "ctrl+i"]);
    beamline.sees("About this beamline");
    beamline.sees("plugin protocol");
    beamline.sees(&format!("process {}", beamline.engine().process()));
    in_row(&beamline, "brickwork-motors", &["1", "loaded", "0 / 0"]);

    // What lies behind the end of a library changes its hash and nothing else.
    let whole = std::fs::read(built(motors)).expect("it is built");
    let other = beamline.plugin("other");
    std::fs::write(&other, [whole.as_slice(), b"\0"].concat()).expect("the folder is ours");
    beamline.put_plugin(&other, motors);
    in_row(&beamline, "brickwork-motors", &["2", "ok", "1 / 1"]);
    std::fs::write(&other, &whole[..whole.len() / 2]).expect("the folder is ours");
    beamline.put_plugin(&other, motors);
    in_row(&beamline, "brickwork-motors", &["2", "refused: "]);
    in_row(&beamline, "brickwork-camera", &["1", "loaded"]);
}

/// Waits until the row of a table that begins with `name` has these words.
fn in_row(beamline: &Beamline, name: &str, words: &[&str]) {
    beamline.wait(&format!("{words:?} in the row of {name}"), PATIENCE, |seen| {
        let Some(head) = seen.iter().find(|seen| seen.words == name) else { return false };
        let (_, y, _, height) = head.place;
        let line: Vec<&str> = seen
            .iter()
            .filter(|seen| (seen.middle().1 - y - height / 2).abs() < 4)
            .map(|seen| seen.words.as_str())
            .collect();
        words.iter().all(|wanted| line.iter().any(|word| word.starts_with(wanted)))
    });
}

const PASSWORD: &str = "tops3cret";
/// `mx:tops3cret` in base64.
const LOGIN: &str = "bXg6dG9wczNjcmV0";

#[test]
fn a_support_archive_has_all_that_is_known_and_no_password() {
    if !programs::have(display::PROGRAMS) {
        return;
    }
    let server = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("this machine has a free port");
    let port = server.local_addr().expect("a bound socket has an address").port();
    std::thread::spawn(move || {
        server.incoming().flatten().for_each(|client| drop(std::thread::spawn(|| guard(client))));
    });
    let mut beamline = Beamline::prepare("");
    let file = beamline.state("camera.password");
    std::fs::write(&file, format!("{PASSWORD}\n")).expect("the folder is ours");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).expect("it is ours");
    beamline.write_layout(&with_login(port, &file));
    for plugin in ["libbrickwork_camera.so", "libbrickwork_sim.so"] {
        beamline.put_plugin(&built(plugin), plugin);
    }
    beamline.run();
    let engine = beamline.engine();
    poll(PATIENCE, || (engine.status("camera").link == Link::Live).then_some(())).expect("the camera takes the login");
    // As if something had been careless.
    let careless = format!("login as mx:{PASSWORD}, Authorization: Basic {LOGIN}\n");
    let log = format!("log/{}.engine.9999.log", layout_name(&beamline.state("../beamline.ron")));
    std::fs::write(beamline.state(&log), careless).expect("the folder is ours");

    let everywhere = [
        "CONTENTS.txt",
        "layout/beamline.ron",
        "diagnostics.txt",
        "versions.txt",
        "plugins.txt",
        "connections.txt",
        "engine.log",
        "environment.txt",
        log.as_str(),
    ];
    let by_command = unpack(&beamline.support());
    let contents = has(&by_command, &everywhere);
    assert!(contents.contains("it was not asked for from a window"), "{contents}");
    assert!(has(&by_command, &["connections.txt"]).contains("camera  live"));
    assert!(has(&by_command, &["diagnostics.txt"]).contains("`brickwork check` says: nothing is wrong."));

    beamline.display.act(&["key", "ctrl+b"]);
    let by_window = unpack(&written(&beamline));
    has(&by_window, &everywhere);
    assert!(has(&by_window, &["window/about.txt"]).contains("brickwork-camera"));
    let (_, picture) = by_window.iter().find(|(name, _)| name == "window/window-0.png").expect("the window is shown");
    let mut picture = png::Decoder::new(std::io::Cursor::new(picture)).read_info().expect("it is a PNG");
    let size = picture.output_buffer_size().expect("a window fits into memory");
    let info = picture.next_frame(&mut vec![0; size]).expect("it is whole");
    assert_eq!((info.width, info.height), display::SIZE);

    for (name, bytes) in by_command.iter().chain(&by_window) {
        let text = String::from_utf8_lossy(bytes);
        for secret in [PASSWORD, LOGIN] {
            assert!(!text.contains(secret), "{secret} in {name}");
        }
    }
}

fn with_login(port: u16, file: &Path) -> String {
    format!(
        r#"Beamline(
    format: 1,
    name: "SUPPORT",
    objects: {{
        "camera": (
            kind: "camera.mjpeg",
            config: (url: "http://127.0.0.1:{port}/", user: "mx", password_file: "{}"),
        ),
    }},
    windows: [Window("Sample", Brick("camera.view", uses: {{"camera": "camera"}}))],
)"#,
        file.display()
    )
}

/// A camera that shows its pictures to who has the login, as long as he looks.
fn guard(mut client: TcpStream) {
    let (mut request, mut byte) = (Vec::new(), [0]);
    while !request.ends_with(b"\r\n\r\n") && client.read_exact(&mut byte).is_ok() {
        request.push(byte[0]);
    }
    if !String::from_utf8_lossy(&request).contains(&format!("Authorization: Basic {LOGIN}\r\n")) {
        let _ = client.write_all(b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"camera\"\r\n\r\n");
        return;
    }
    // A picture of 64 by 48 that has everything but meaning.
    let mut jpeg = vec![0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 48, 0, 64, 1, 1, 0x11, 0];
    jpeg.extend([0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 0x12, 0x34, 0x56, 0xff, 0xd9]);
    let part = format!("--b\r\nContent-Type: image/jpeg\r\nContent-Length: {}\r\n\r\n", jpeg.len());
    let part = [part.as_bytes(), &jpeg, b"\r\n"].concat();
    let head = b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=b\r\n\r\n";
    let mut sent = client.write_all(head);
    while sent.is_ok() {
        std::thread::sleep(Duration::from_millis(50));
        sent = client.write_all(&part);
    }
}

/// The files of an archive, without its folder.
fn unpack(archive: &Path) -> Vec<(String, Vec<u8>)> {
    let file = std::fs::File::open(archive).expect("it was written");
    let mut tar = tar::Archive::new(flate2::read::GzDecoder::new(file));
    let entries = tar.entries().expect("it is an archive");
    let read = |entry: std::io::Result<tar::Entry<'_, _>>| {
        let mut entry = entry.expect("it is whole");
        let path = entry.path().expect("it has a name").to_string_lossy().into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("it is whole");
        (path.split_once('/').expect("all lie in one folder").1.to_owned(), bytes)
    };
    entries.map(read).collect()
}

/// Makes sure of these files; answers the text of the first.
fn has(files: &[(String, Vec<u8>)], names: &[&str]) -> String {
    let names_of = || files.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>();
    let find = |wanted: &str| {
        let found = files.iter().find(|(name, _)| name == wanted);
        found.unwrap_or_else(|| panic!("no {wanted} in {:?}", names_of()))
    };
    let texts: Vec<String> = names.iter().map(|name| String::from_utf8_lossy(&find(name).1).into_owned()).collect();
    texts.into_iter().next().unwrap_or_default()
}
