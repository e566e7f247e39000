//! Against a server that is not ours: Apache, which judges Basic and Digest logins, and keeps connections.

use std::fs;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use brickwork_sdk::status::Link;
use brickwork_sdk::testing::{TestObject, fields};
use brickwork_sdk::{Frame, Value};

use super::login::PasswordFile;
use super::server::{free_port, jpeg, part};
use super::{host, patiently};

const PROGRAM: &str = "/usr/sbin/apache2";
const PASSWORD: &str = "Circle of Life";
/// `htpasswd -nbs mx "Circle of Life"`.
const BASIC: &str = "mx:{SHA}y/waJdy9m/a+D8VTRQ/e2awAzpQ=\n";
/// `htdigest`, for the realm `camera`.
const DIGEST: &str = "mx:camera:7f860eb70d474689aaf5bf31196770f0\n";

/// One Apache in one process, with a folder of its own; killed when dropped.
struct Apache {
    child: Child,
    folder: PathBuf,
    port: u16,
}

impl Apache {
    /// `login` is what its configuration says of who may see the pictures.
    fn start(name: &str, login: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("brickwork-apache-{}-{name}", std::process::id()));
        let pictures = folder.join("pictures");
        fs::create_dir_all(&pictures).expect("the folder for temporary files can be written");
        let write = |path: PathBuf, content: &[u8]| fs::write(path, content).expect("an own folder can be written");
        write(pictures.join("still.jpg"), &jpeg(64, 48));
        write(pictures.join("stream"), &(1..=3).flat_map(|width| part(&jpeg(width, 48))).collect::<Vec<_>>());
        write(folder.join("basic"), BASIC.as_bytes());
        write(folder.join("digest"), DIGEST.as_bytes());
        let port = free_port();
        write(folder.join("apache.conf"), configuration(&folder, port, login).as_bytes());
        let mut command = Command::new(PROGRAM);
        command.arg("-X").arg("-f").arg(folder.join("apache.conf"));
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let mut apache = Self { child: child.expect("Apache was found before"), folder, port };
        apache.wait();
        apache
    }

    /// Waits until it listens.
    fn wait(&mut self) {
        let deadline = Instant::now() + Duration::from_secs(8);
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            let ended = self.child.try_wait().expect("its state can be asked for");
            let log = || fs::read_to_string(self.folder.join("errors")).unwrap_or_default();
            assert!(ended.is_none() && Instant::now() < deadline, "Apache does not listen: {}", log());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// What it answered so far: for each request the status, the number of the request on its connection, and the user.
    fn answers(&self) -> Vec<(u16, u32, String)> {
        let log = fs::read_to_string(self.folder.join("answers")).unwrap_or_default();
        let lines = log.split_inclusive('\n').filter(|line| line.ends_with('\n'));
        let words = lines.filter_map(|line| {
            let mut words = line.split_whitespace();
            Some((words.next()?.parse().ok()?, words.next()?.parse().ok()?, words.next()?.to_owned()))
        });
        words.collect()
    }

    fn count(&self, status: u16) -> usize {
        self.answers().iter().filter(|answer| answer.0 == status).count()
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}/{path}", self.port)
    }

    /// The config of a camera that asks for stills.
    fn stills(&self, file: &PasswordFile) -> Value {
        fields! { url: self.url("still.jpg"), user: "mx", password_file: file.0.clone(), period_secs: 0.05 }
    }
}

impl Drop for Apache {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn configuration(folder: &Path, port: u16, login: &str) -> String {
    let modules =
        ["mpm_event", "authn_core", "authn_file", "authz_core", "authz_user", "auth_basic", "auth_digest", "mime"];
    let modules = modules.map(|name| format!("LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n"));
    let (folder, modules) = (folder.display(), modules.concat());
    // Root may not serve, and nobody else may change users.
    let user = if rustix::process::geteuid().is_root() { "User nobody\nGroup nogroup\n" } else { "" };
    format!(
        "{modules}{user}ServerName localhost\nListen 127.0.0.1:{port}\nServerRoot {folder}\nDefaultRuntimeDir {folder}\n\
         PidFile {folder}/pid\nMutex file:{folder} default\nErrorLog {folder}/errors\nTypesConfig /dev/null\n\
         LogFormat \"%>s %k %u\" short\nCustomLog {folder}/answers short\nDocumentRoot {folder}/pictures\n\
         AddType image/jpeg .jpg\n\
         <Files stream>\nForceType multipart/x-mixed-replace;boundary=b\n</Files>\n\
         <Location />\nAuthName camera\nRequire valid-user\n{login}\n</Location>\n"
    )
}

fn basic() -> &'static str {
    "AuthType Basic\nAuthUserFile basic"
}

fn digest(more: &str) -> String {
    format!("AuthType Digest\nAuthDigestProvider file\nAuthUserFile digest\n{more}")
}

#[allow(clippy::print_stderr)] // whoever runs the tests must see what was not tested
fn is_missing() -> bool {
    let missing = !Path::new(PROGRAM).is_file();
    if missing {
        assert!(std::env::var_os("CI").is_none(), "Apache is needed for this test: apt-get install apache2-bin");
        eprintln!("SKIPPED: {PROGRAM} is not installed");
    }
    missing
}

fn wait_live(camera: &TestObject) {
    patiently(camera, "live", |status| status.link == Link::Live);
}

/// Asks for stills until Apache has answered ten, over as few connections as may be.
#[track_caller]
fn assert_stills(name: &str, login: &str, refusals: usize) {
    let (file, apache) = (PasswordFile::new(&format!("apache-{name}"), PASSWORD, 0o600), Apache::start(name, login));
    let host = host();
    let camera = host.object("hutch", "camera.stills").config(apache.stills(&file)).start();
    patiently(&camera, "answered ten times", |_| apache.count(200) >= 10);
    let answers = apache.answers();
    assert_eq!(apache.count(401), refusals, "{answers:?}");
    assert!(answers.iter().all(|(status, _, user)| *status == 401 || user == "mx"), "{answers:?}");
    // The second connection, behind the refusal, carries all of them.
    assert!(answers.iter().any(|(status, before, _)| *status == 200 && *before >= 8), "{answers:?}");
    assert_eq!((camera.status().last_error.as_str(), camera.status().reconnects), ("", 0));
    assert_eq!(&camera.value::<Frame>("frame").data[..], jpeg(64, 48));
}

#[test]
fn apache_gives_stills_to_a_basic_login_over_one_connection() {
    if !is_missing() {
        assert_stills("basic", basic(), 1);
    }
}

#[test]
fn apache_gives_stills_to_a_digest_login_that_counts_its_nonce() {
    if !is_missing() {
        assert_stills("digest", &digest(""), 1);
    }
}

#[test]
fn a_nonce_that_apache_calls_stale_costs_no_picture() {
    if is_missing() {
        return;
    }
    let (file, apache) = (
        PasswordFile::new("apache-stale", PASSWORD, 0o600),
        Apache::start("stale", &digest("AuthDigestNonceLifetime 1")),
    );
    let host = host();
    let camera = host.object("hutch", "camera.stills").config(apache.stills(&file)).start();
    // The first is that of the first request.
    patiently(&camera, "asked for another nonce", |_| apache.count(401) >= 3);
    wait_live(&camera);
    assert_eq!((camera.status().last_error.as_str(), camera.status().reconnects), ("", 0));
}

#[test]
fn a_stream_is_followed_after_either_login() {
    if is_missing() {
        return;
    }
    for (name, login) in [("stream-basic", basic().to_owned()), ("stream-digest", digest(""))] {
        let (file, apache) = (PasswordFile::new(name, PASSWORD, 0o600), Apache::start(name, &login));
        let host = host();
        let config = fields! { url: apache.url("stream"), user: "mx", password_file: file.0.clone() };
        let camera = host.object("onaxis", "camera.mjpeg").config(config).start();
        camera.wait_value("frame", |frame: &Frame| frame.width == 3);
    }
}

#[test]
fn apache_refuses_a_wrong_password_once_and_takes_the_right_one_without_a_click() {
    if is_missing() {
        return;
    }
    let (file, apache) = (PasswordFile::new("apache-wrong", "wr0ng", 0o600), Apache::start("wrong", &digest("")));
    let host = host();
    let camera = host.object("hutch", "camera.stills").config(apache.stills(&file)).start();
    patiently(&camera, "refused", |status| status.last_error.contains("the camera refuses the user \"mx\""));
    // Apache writes down what it has answered a little later.
    patiently(&camera, "refused twice", |_| apache.count(401) >= 2);
    assert_eq!(apache.count(401), 2, "asked once without and once with the password");
    file.write(PASSWORD);
    wait_live(&camera);
    patiently(&camera, "served", |_| apache.count(200) >= 1);
    assert_eq!(apache.count(401), 3);
}
