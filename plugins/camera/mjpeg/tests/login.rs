//! The login, against a checker of our own that follows RFC 7616 by the letter. Real servers judge it in the tests of
//! the plugin.

use std::collections::HashMap;
use std::fmt::Write as _;

use brickwork_mjpeg::{Credentials, Login, LoginError};
use md5::{Digest, Md5};
use sha2::Sha256;

const NONCE: &str = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";

fn login() -> Login {
    Login::new(Credentials::new("Mufasa", "Circle of Life"))
}

fn digest(more: &str) -> String {
    format!("Digest realm=\"http-auth@example.org\", nonce=\"{NONCE}\"{more}")
}

fn hex<D: Digest>(text: &str) -> String {
    D::digest(text).iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("text takes text");
        hex
    })
}

/// The parameters of a Digest answer.
fn parameters(header: &str) -> HashMap<String, String> {
    let parameters = header.strip_prefix("Digest ").expect("it is Digest").split(", ");
    let pair = |parameter: &str| {
        let (name, value) = parameter.split_once('=').expect("a parameter has a value");
        (name.to_owned(), value.trim_matches('"').to_owned())
    };
    parameters.map(pair).collect()
}

/// The response that RFC 7616, section 3.4.1, wants for these parameters, or RFC 2069 where there is no qop.
fn wanted<D: Digest>(given: &HashMap<String, String>, is_session: bool) -> String {
    let get = |name: &str| given.get(name).cloned().unwrap_or_default();
    let mut a1 = hex::<D>(&format!("{}:{}:Circle of Life", get("username"), get("realm")));
    if is_session {
        a1 = hex::<D>(&format!("{a1}:{}:{}", get("nonce"), get("cnonce")));
    }
    let a2 = hex::<D>(&format!("GET:{}", get("uri")));
    match given.get("qop") {
        Some(qop) => hex::<D>(&format!("{a1}:{}:{}:{}:{qop}:{a2}", get("nonce"), get("nc"), get("cnonce"))),
        None => hex::<D>(&format!("{a1}:{}:{a2}", get("nonce"))),
    }
}

/// The answer to a first challenge.
#[track_caller]
fn answer(challenge: &str) -> HashMap<String, String> {
    let mut login = login();
    assert_eq!(login.authorization("/dir/index.html"), Ok(None), "nothing is given before it is asked for");
    assert_eq!(login.challenged(challenge), Ok(()), "{challenge}");
    let header = login.authorization("/dir/index.html").expect("it can be answered").expect("it was asked for");
    parameters(&header)
}

#[test]
fn the_checker_agrees_with_the_example_of_the_standard() {
    // RFC 7616, section 3.9.1.
    let example = |response: &str| {
        let cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
        let all = format!(
            "Digest username=\"Mufasa\", realm=\"http-auth@example.org\", uri=\"/dir/index.html\", \
             nonce=\"{NONCE}\", nc=00000001, cnonce=\"{cnonce}\", qop=auth, response=\"{response}\""
        );
        parameters(&all)
    };
    let md5 = "8ca523f5e9506fed4657c9700eebdbec";
    assert_eq!(wanted::<Md5>(&example(md5), false), md5);
    let sha256 = "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1";
    assert_eq!(wanted::<Sha256>(&example(sha256), false), sha256);
}

#[test]
fn each_algorithm_is_answered_as_the_standard_wants() {
    for algorithm in ["", ", algorithm=MD5", ", algorithm=md5", ", algorithm=\"MD5\""] {
        let given = answer(&digest(&format!(", qop=\"auth-int, auth\"{algorithm}, opaque=\"FQhe/q\"")));
        assert_eq!(given["response"], wanted::<Md5>(&given, false), "{algorithm}");
        assert_eq!((given["uri"].as_str(), given["nc"].as_str()), ("/dir/index.html", "00000001"));
        assert_eq!((given["opaque"].as_str(), given["nonce"].as_str()), ("FQhe/q", NONCE));
    }
    let given = answer(&digest(", qop=auth, algorithm=sha-256"));
    assert_eq!((&given["response"], given["algorithm"].as_str()), (&wanted::<Sha256>(&given, false), "SHA-256"));
    let given = answer(&digest(", qop=auth, algorithm=MD5-sess"));
    assert_eq!((&given["response"], given["algorithm"].as_str()), (&wanted::<Md5>(&given, true), "MD5-sess"));
    let given = answer(&digest(", qop=auth, algorithm=SHA-256-SESS"));
    assert_eq!(given["response"], wanted::<Sha256>(&given, true));
}

#[test]
fn without_qop_the_answer_is_that_of_the_oldest_standard() {
    let given = answer(&digest(""));
    assert_eq!(given["response"], wanted::<Md5>(&given, false));
    assert!(!given.contains_key("qop") && !given.contains_key("nc") && !given.contains_key("cnonce"), "{given:?}");
}

#[test]
fn a_nonce_is_counted_as_long_as_the_camera_takes_it() {
    let mut login = login();
    login.challenged(&digest(", qop=auth")).expect("it is the first");
    let mut cnonces = Vec::new();
    for count in 1..=3 {
        let given = parameters(&login.authorization("/still").expect("it can be answered").expect("it was asked for"));
        assert_eq!(given["nc"], format!("{count:08x}"));
        assert_eq!(given["response"], wanted::<Md5>(&given, false));
        cnonces.push(given["cnonce"].clone());
        login.accepted();
    }
    cnonces.dedup();
    assert_eq!(cnonces.len(), 3, "{cnonces:?}");
}

#[test]
fn a_stale_nonce_is_replaced_and_a_camera_that_never_ends_with_it_is_told() {
    let mut login = login();
    let stale = digest(", qop=auth, stale=TRUE").replace(NONCE, "another");
    login.challenged(&digest(", qop=auth")).expect("it is the first");
    for _ in 0..3 {
        assert_eq!(login.challenged(&stale), Ok(()));
        let given = parameters(&login.authorization("/").expect("it can be answered").expect("it was asked for"));
        assert_eq!((given["nonce"].as_str(), given["nc"].as_str()), ("another", "00000001"));
    }
    assert_eq!(login.challenged(&stale), Err(LoginError::AlwaysStale));
}

#[test]
fn a_camera_that_forgot_its_nonce_is_answered_once_more() {
    let mut login = login();
    login.challenged(&digest(", qop=auth")).expect("it is the first");
    login.accepted();
    assert_eq!(login.challenged(&digest(", qop=auth")), Ok(()));
    assert_eq!(login.challenged(&digest(", qop=auth")), Err(LoginError::Refused));
}

#[test]
fn a_wrong_password_is_given_once() {
    for challenge in [digest(", qop=auth"), "Basic realm=\"camera\"".to_owned()] {
        let mut login = login();
        login.challenged(&challenge).expect("it is the first");
        assert_eq!(login.challenged(&challenge), Err(LoginError::Refused));
    }
    let mut login = login();
    login.challenged("Basic realm=x").expect("it is the first");
    login.accepted();
    assert_eq!(login.challenged("Basic realm=x"), Err(LoginError::Refused), "Basic has nothing that could be stale");
}

#[test]
fn digest_is_preferred_wherever_it_stands_and_the_first_known_one_is_taken() {
    let best = digest(", qop=auth, algorithm=SHA-256");
    for list in [
        format!("Basic realm=x, {best}"),
        format!("Negotiate, {best}, Basic realm=x"),
        format!("{}, {best}, {}", digest(", algorithm=SHA-3, qop=auth"), digest(", qop=auth")),
    ] {
        assert_eq!(answer(&list)["algorithm"], "SHA-256", "{list}");
    }
}

#[test]
fn basic_is_answered_also_without_a_realm() {
    for challenge in ["Basic realm=\"camera\"", "basic", "Basic charset=UTF-8"] {
        let mut login = login();
        assert_eq!(login.challenged(challenge), Ok(()), "{challenge}");
        let header = login.authorization("/").expect("it can be answered");
        assert_eq!(header.as_deref(), Some("Basic TXVmYXNhOkNpcmNsZSBvZiBMaWZl"));
    }
}

#[test]
fn what_is_not_supported_is_said_and_gets_no_answer() {
    for (challenge, words) in [
        (digest(", qop=auth, algorithm=SHA3-512"), "unknown algorithm \"SHA3-512\""),
        (digest(", qop=auth-conf"), "no supported qop"),
        (digest(", qop=auth-int"), "qop=auth-int alone"),
        (digest(", algorithm=MD5-sess"), "without qop"),
        ("Digest realm=x".to_owned(), "nonce"),
        ("Negotiate".to_owned(), "Negotiate"),
        ("Bearer realm=\"x\"".to_owned(), "Bearer"),
        ("Digest =".to_owned(), "malformed"),
        (String::new(), "names none"),
    ] {
        let mut login = login();
        let error = login.challenged(&challenge).expect_err("it is not supported").to_string();
        assert!(error.contains(words) && error.contains("allow Basic, or Digest with MD5 or SHA-256"), "{error}");
        assert!(!error.contains(NONCE), "a sentence that differs each time would be news each time: {error}");
        assert_eq!(login.authorization("/"), Ok(None));
    }
}

#[test]
fn without_credentials_there_is_no_login() {
    let mut login = Login::new(None);
    assert_eq!(login.challenged("Basic realm=x"), Err(LoginError::Wanted));
    assert_eq!(login.authorization("/"), Ok(None));
}

#[test]
fn an_empty_password_is_none() {
    assert!(Credentials::new("root", "").is_none() && Credentials::new("", "pass").is_none());
}

#[test]
fn no_debug_output_shows_a_password() {
    let mut login = login();
    login.challenged(&digest(", qop=auth")).expect("it is the first");
    login.authorization("/").expect("it can be answered");
    let shown = format!("{login:?}");
    assert!(shown.contains("Mufasa") && !shown.contains("Circle"), "{shown}");
}

#[test]
fn challenges_of_any_bytes_are_survived() {
    let pieces = [
        "Digest ",
        "Basic ",
        "realm=",
        "\"",
        "\\",
        ", ",
        "nonce=\"n\"",
        "=",
        "qop=auth",
        "\u{fffd}",
        "algorithm=MD5-sess",
        " ",
        "é",
    ];
    let mut seed = 0x5eed_u64;
    for _ in 0..20_000 {
        let mut challenge = String::new();
        for _ in 0..8 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            challenge.push_str(pieces[(seed >> 33) as usize % pieces.len()]);
        }
        let mut login = login();
        if login.challenged(&challenge).is_ok() {
            let header = login.authorization("/").unwrap_or_default().unwrap_or_default();
            assert!(!header.contains(['\r', '\n']), "{challenge}");
        }
    }
}
