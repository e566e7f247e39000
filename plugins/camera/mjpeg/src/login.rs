//! The login at a camera: HTTP Basic (RFC 7617) and Digest (RFC 7616, RFC 2617, RFC 2069). The plugin asks it for
//! the header of each request and tells it each 401; it says whether to ask once more or why there is no use in it.
//! It never gives a password to a camera that has not asked for one, and never the same wrong one twice.

use std::fmt;

use http_auth::digest::Qop;
use http_auth::{ChallengeParser, ChallengeRef, DigestClient, ParamValue, PasswordClient, PasswordParams};

/// So often in a row a camera may call a fresh nonce stale.
const MAX_STALE: u32 = 3;

/// How the digest algorithms that we know are spelt; some cameras do not keep to it.
const ALGORITHMS: [&str; 6] = ["MD5", "MD5-sess", "SHA-256", "SHA-256-sess", "SHA-512-256", "SHA-512-256-sess"];

/// A user and a password; `Debug` shows the user alone.
pub struct Credentials {
    user: String,
    password: String,
}

impl Credentials {
    /// Neither is empty: an empty password is none, and would be sent as if it were one.
    #[must_use]
    pub fn new(user: &str, password: &str) -> Option<Self> {
        let given = !user.is_empty() && !password.is_empty();
        given.then(|| Self { user: user.to_owned(), password: password.to_owned() })
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("user", &self.user).finish_non_exhaustive()
    }
}

/// Why there is no login; asking again changes nothing before a person has done something.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LoginError {
    /// The camera wants a login, and there is none to give.
    #[error("the camera wants a user and a password")]
    Wanted,
    /// The camera does not take the user and password. Repeating them may lock the account.
    #[error("the camera refuses the user or the password")]
    Refused,
    /// The camera wants a login of a kind that is not supported. Nothing was given to it.
    #[error(
        "the camera wants a login that is not supported ({0}): allow Basic, or Digest with MD5 or SHA-256, in its own settings"
    )]
    Unsupported(String),
    /// The camera answers each fresh nonce with another one.
    #[error("the camera calls each of its own nonces stale: start it again, or allow Basic in its own settings")]
    AlwaysStale,
}

/// The login at one camera, as long as one visit to it lasts. A nonce is used again, with its count, until the
/// camera wants another.
#[derive(Debug)]
pub struct Login {
    credentials: Option<Credentials>,
    state: State,
}

#[derive(Debug)]
enum State {
    /// The camera has not asked.
    Unasked,
    /// The answer to its challenge has been sent, or will be; so often in a row the one before was stale.
    Answering { client: PasswordClient, stale: u32 },
    /// The camera took an answer.
    Accepted { client: PasswordClient },
}

impl Login {
    /// A login that has not begun; without credentials it ends where one is asked for.
    #[must_use]
    pub fn new(credentials: Option<Credentials>) -> Self {
        Self { credentials, state: State::Unasked }
    }

    /// The value of the `Authorization` header for the next GET of `path`, if there is one yet.
    ///
    /// # Errors
    /// Unsupported, when the challenge cannot be answered with this user and path.
    pub fn authorization(&mut self, path: &str) -> Result<Option<String>, LoginError> {
        let (State::Answering { client, .. } | State::Accepted { client }) = &mut self.state else {
            return Ok(None);
        };
        let Some(Credentials { user, password }) = &self.credentials else { return Ok(None) };
        let params = PasswordParams { username: user, password, uri: path, method: "GET", body: None };
        client.respond(&params).map(Some).map_err(LoginError::Unsupported)
    }

    /// The camera answered 401 with these challenges. `Ok`: ask once more, with the new
    /// [`authorization`](Self::authorization).
    ///
    /// # Errors
    /// Asking again is of no use.
    pub fn challenged(&mut self, challenges: &str) -> Result<(), LoginError> {
        if self.credentials.is_none() {
            return Err(LoginError::Wanted);
        }
        let client = client(challenges)?;
        let is_digest = matches!(client, PasswordClient::Digest(_));
        let is_stale = matches!(&client, PasswordClient::Digest(digest) if digest.stale());
        let stale = match &self.state {
            State::Unasked => 0,
            // Some cameras forget their nonces and do not call them stale.
            State::Accepted { .. } if is_digest => 0,
            State::Answering { stale, .. } if is_stale && *stale < MAX_STALE => stale + 1,
            State::Answering { .. } if is_stale => return Err(LoginError::AlwaysStale),
            _ => return Err(LoginError::Refused),
        };
        self.state = State::Answering { client, stale };
        Ok(())
    }

    /// The camera sent a picture.
    pub fn accepted(&mut self) {
        self.state = match std::mem::replace(&mut self.state, State::Unasked) {
            State::Answering { client, .. } => State::Accepted { client },
            state => state,
        };
    }
}

/// Who answers the best of the challenges: the first Digest that is supported, else Basic.
fn client(challenges: &str) -> Result<PasswordClient, LoginError> {
    let (mut basic, mut why) = (None, challenges.is_empty().then(|| "it names none".into()));
    for challenge in ChallengeParser::new(challenges) {
        // The parser's own words repeat the whole challenge.
        let found = challenge.map_err(|_| "its challenge is malformed".into()).and_then(one_client);
        match found {
            Ok(PasswordClient::Basic(client)) => basic = basic.or(Some(PasswordClient::Basic(client))),
            Ok(client) => return Ok(client),
            Err(error) => why = why.or(Some(error)),
        }
    }
    basic.ok_or_else(|| LoginError::Unsupported(why.unwrap_or_default()))
}

/// Cameras are lax: some spell the algorithm as they like, some leave out the realm of Basic.
fn one_client(mut challenge: ChallengeRef<'_>) -> Result<PasswordClient, String> {
    let is = |name: &str, wanted: &str| name.eq_ignore_ascii_case(wanted);
    if is(challenge.scheme, "Basic") && !challenge.params.iter().any(|(name, _)| is(name, "realm")) {
        challenge.params.push(("realm", ParamValue::try_from_escaped("")?));
    }
    if !is(challenge.scheme, "Digest") {
        return PasswordClient::try_from(&challenge);
    }
    for (_, value) in challenge.params.iter_mut().filter(|(name, _)| is(name, "algorithm")) {
        if let Some(known) = ALGORITHMS.iter().find(|known| is(known, value.as_escaped())) {
            *value = ParamValue::try_from_escaped(known)?;
        }
    }
    let client = DigestClient::try_from(&challenge)?;
    if !(client.qop() & Qop::Auth) {
        return Err("Digest with qop=auth-int alone".into());
    }
    if client.session() && client.rfc2069_compat() {
        return Err("Digest with a -sess algorithm and without qop, which no standard describes".into());
    }
    Ok(PasswordClient::Digest(client))
}
