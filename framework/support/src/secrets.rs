//! Keeps secrets out of what is sent to others. The archive passes every text through [`Secrets::remove`]. A password
//! file is read only to know what to look for; nothing of it is kept elsewhere.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use brickwork_layout::Beamline;
use brickwork_sdk::Value;
use brickwork_sdk::secrets::{REMOVED, without_secrets};

/// Words in the names of config fields that hold a secret, or with `_file` behind them name a file that does.
const SECRET_NAMES: [&str; 4] = ["password", "passphrase", "secret", "token"];
/// A shorter secret would take half of every text with it; its forms in a login are removed all the same.
const SHORTEST: usize = 4;
/// Longer than any secret: such a file holds something else.
const MAX_BYTES: u64 = 4096;

/// The secrets that a layout leads to.
#[derive(Default)]
pub struct Secrets {
    /// The longest first: a part of one must not hide the rest.
    known: Vec<String>,
}

impl Secrets {
    /// Those of every object and brick.
    pub fn of<'b>(beamlines: impl IntoIterator<Item = &'b Beamline>) -> Self {
        let mut secrets = Self::default();
        for beamline in beamlines {
            beamline.objects.values().for_each(|object| secrets.look_into(&object.config));
            beamline.bricks().iter().for_each(|brick| secrets.look_into(&brick.config));
        }
        secrets.known.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        secrets.known.dedup();
        secrets
    }

    fn look_into(&mut self, config: &Value) {
        match config {
            Value::List(items) => items.iter().for_each(|item| self.look_into(item)),
            Value::Map(entries) => {
                let user = config.get("user").and_then(Value::as_str).unwrap_or_default();
                for entry in entries {
                    match (is_secret(&entry.key), entry.value.as_str()) {
                        (Some(Holds::Itself), Some(secret)) => self.add(user, secret),
                        (Some(Holds::File), Some(file)) => self.add_file(user, Path::new(file)),
                        _ => self.look_into(&entry.value),
                    }
                }
            }
            _ => {}
        }
    }

    fn add_file(&mut self, user: &str, file: &Path) {
        // Without it there is nothing that could have been told; a pipe would wait for its writer.
        let is_small = fs::metadata(file).is_ok_and(|found| found.is_file() && found.len() <= MAX_BYTES);
        if let Some(text) = is_small.then(|| fs::read(file).ok()).flatten() {
            self.add(user, String::from_utf8_lossy(&text).trim_end_matches(['\r', '\n']));
        }
    }

    fn add(&mut self, user: &str, secret: &str) {
        if secret.is_empty() {
            return;
        }
        self.known.push(STANDARD.encode(format!("{user}:{secret}")));
        if secret.len() >= SHORTEST {
            self.known.extend([secret.to_owned(), STANDARD.encode(secret)]);
        }
    }

    /// The text without the known secrets, and without whatever else is written as a login.
    pub fn remove(&self, text: &str) -> String {
        let known = self.known.iter().fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), REMOVED));
        without_basic(&without_secrets(&known))
    }
}

enum Holds {
    Itself,
    File,
}

fn is_secret(field: &str) -> Option<Holds> {
    let (name, holds) = field.strip_suffix("_file").map_or((field, Holds::Itself), |name| (name, Holds::File));
    SECRET_NAMES.iter().any(|word| name.ends_with(word)).then_some(holds)
}

/// Without the logins of HTTP Basic, whoever's they are.
fn without_basic(text: &str) -> String {
    let mut parts = text.split("Basic ");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let is_base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
        let end = part.find(|c| !is_base64(c)).unwrap_or(part.len());
        let is_login = STANDARD.decode(&part[..end]).is_ok_and(|login| login.contains(&b':'));
        out += "Basic ";
        out += if is_login { REMOVED } else { &part[..end] };
        out += &part[end..];
    }
    out
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use brickwork_layout::ObjectSpec;

    use super::*;

    fn beamline(config: Value) -> Beamline {
        let camera = ObjectSpec { config, ..ObjectSpec::default() };
        Beamline { objects: BTreeMap::from([("camera".into(), camera)]), ..Beamline::default() }
    }

    #[test]
    fn a_password_from_a_file_and_its_login_are_removed_wherever_they_stand() {
        let file = std::env::temp_dir().join(format!("brickwork-secrets-{}", std::process::id()));
        fs::write(&file, "tops3cret\n").expect("the temporary folder can be written");
        let path = file.to_string_lossy().into_owned();
        let config = Value::map([("user", "mx".into()), ("password_file", path.as_str().into())]);
        let secrets = Secrets::of([&beamline(Value::list([config]))]);
        fs::remove_file(&file).expect("it was just written");
        let told = secrets.remove(&format!("{path}: tops3cret, bXg6dG9wczNjcmV0 dG9wczNjcmV0 of mx"));
        assert_eq!(told, format!("{path}: <removed>, <removed> <removed> of mx"));
    }

    #[test]
    fn a_secret_that_stands_in_the_layout_itself_is_removed() {
        let config = Value::map([("db", Value::map([("api_token", Value::from("abcd1234"))]))]);
        assert_eq!(Secrets::of([&beamline(config)]).remove("api_token: \"abcd1234\""), "api_token: \"<removed>\"");
    }

    #[test]
    fn secrets_of_a_layout_that_cannot_be_read_are_removed_too() {
        let text = "\"cam\": (kind: \"camera.mjpeg\", config: (url: \"http://cam/?pwd=abc\", password: \"abc\"),";
        let told = Secrets::default().remove(text);
        assert!(!told.contains("abc") && told.contains("password: \"<removed>\""), "{told}");
    }

    #[test]
    fn logins_of_others_are_removed_and_other_words_stay() {
        let secrets = Secrets::default();
        assert_eq!(secrets.remove("http://mx:pw@camera/a b@c"), "http://<removed>@camera/a b@c");
        assert_eq!(secrets.remove("Authorization: Basic bXg6cHc=\r\n"), "Authorization: Basic <removed>\r\n");
        let plain = "allow Basic in the settings; Basic authentication at http://camera/stream?a=b@c";
        assert_eq!(secrets.remove(plain), plain);
    }
}
