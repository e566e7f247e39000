//! How an object of this plugin keeps to its spec: it works while the link is up, says what is wrong while it is not,
//! and begins anew after each loss. Every kind but `spec.session` finds its spec through the role `session`.

use std::cell::{Cell, RefCell};
use std::ops::Deref;

use brickwork_sdk::{Context, Error, ObjectContext, Result, Role};
use tokio::sync::watch;

use crate::address::Address;
use crate::link::{CallForm, Connection, LinkState};
use crate::session::spec_session::{self, SpecSession};

/// A spec, as an object talks to it.
#[derive(Clone)]
pub struct Spec {
    connection: Connection,
    /// In which form it takes the calls of functions.
    pub form: CallForm,
}

impl Deref for Spec {
    type Target = Connection;
    fn deref(&self) -> &Connection {
        &self.connection
    }
}

/// A spec that is there now.
pub struct Attended<'a> {
    ctx: &'a ObjectContext,
    spec: &'a Spec,
    /// The name that spec says it has.
    pub name: String,
    is_live: Cell<bool>,
}

impl Deref for Attended<'_> {
    type Target = Spec;
    fn deref(&self) -> &Spec {
        self.spec
    }
}

impl Attended<'_> {
    /// Says that the object has what it needs of spec. Said again by itself when spec answers again after a silence.
    pub fn live(&self) {
        if !self.is_live.replace(true) {
            self.ctx.live();
        }
    }

    /// Says what is missing although spec is there.
    pub fn lost(&self, error: impl Into<String>, remedy: impl Into<String>) {
        self.is_live.set(false);
        self.ctx.lost(error, remedy);
    }
}

/// The role `session` of an object.
pub struct Session {
    client: SpecSession,
    spec: RefCell<Option<Spec>>,
}

impl Session {
    /// What a kind that uses it lists among its roles.
    pub fn role() -> Role {
        Role::one("session", spec_session::NAME).help("The `spec.session` that says where spec is.")
    }

    /// Binds the role.
    ///
    /// # Errors
    /// The role is open.
    pub fn bind(ctx: &Context) -> Result<Self> {
        Ok(Self { client: SpecSession::bind(ctx, "session")?, spec: RefCell::default() })
    }

    /// The spec, for a command.
    ///
    /// # Errors
    /// Refused with what is wrong when there is none now.
    pub fn spec(&self) -> Result<Spec> {
        let spec = self.spec.borrow().clone();
        let Some(spec) = spec else {
            let why = format!("the session {} has not said where spec is", self.client.object());
            return Err(Error::refused(why));
        };
        match &*spec.state().borrow() {
            LinkState::Down(trouble) | LinkState::Silent(trouble) => {
                Err(Error::refused(trouble.error.clone()).remedy(trouble.remedy.clone()))
            }
            LinkState::Up(_) => Ok(spec.clone()),
        }
    }

    /// The spec, for a stop, which is sent also to one that does not answer now.
    ///
    /// # Errors
    /// The session has not said where it is.
    pub fn any_spec(&self) -> Result<Spec> {
        self.spec.borrow().clone().ok_or_else(|| Error::failed("the session has not said where spec is"))
    }

    /// Lets `work` work while spec is there, and anew after each loss, and says what is wrong meanwhile.
    ///
    /// # Errors
    /// What `work` says.
    pub async fn attend(&self, ctx: &ObjectContext, work: impl AsyncFn(&Attended<'_>) -> Result<()>) -> Result<()> {
        loop {
            let Some((address, form)) = self.place() else {
                tokio::select! {
                    _ = self.client.address().changed() => {}
                    _ = self.client.call_form().changed() => {}
                }
                continue;
            };
            let parsed = Address::parse(&address).map_err(Error::failed)?;
            let spec = Spec { connection: Connection::to(&parsed, ctx.clock()), form };
            self.spec.replace(Some(spec.clone()));
            tokio::select! {
                biased;
                () = self.elsewhere(&address, form) => {}
                end = attend(ctx, &spec, &work) => return end,
            }
        }
    }

    fn place(&self) -> Option<(String, CallForm)> {
        Some((self.client.address().value()?, self.client.call_form().value()?))
    }

    /// Waits until the session says another place.
    async fn elsewhere(&self, address: &str, form: CallForm) {
        while self.place().is_none_or(|(now, now_form)| now == address && now_form == form) {
            tokio::select! {
                _ = self.client.address().changed() => {}
                _ = self.client.call_form().changed() => {}
            }
        }
    }
}

impl Spec {
    /// A spec without a session: for the session itself.
    pub fn new(connection: Connection, form: CallForm) -> Self {
        Self { connection, form }
    }

    /// Waits until this very connection is lost, and says why.
    pub async fn lost(&self) -> Error {
        let mut state = self.state();
        let generation = |state: &LinkState| match state {
            LinkState::Up(peer) => Some(peer.generation),
            _ => None,
        };
        let first = generation(&state.borrow_and_update());
        loop {
            let now = state.borrow_and_update().clone();
            match &now {
                LinkState::Down(trouble) => return trouble.to_error(),
                LinkState::Up(_) if first.is_some() && generation(&now) != first => {
                    return Error::failed("the connection to spec was lost and made anew");
                }
                _ => {}
            }
            if state.changed().await.is_err() {
                return Error::failed("the connection to spec has ended");
            }
        }
    }
}

/// Lets `work` work while this connection is up, and anew after each loss.
///
/// # Errors
/// What `work` says, or the connection will never be up again.
pub async fn attend(ctx: &ObjectContext, spec: &Spec, work: impl AsyncFn(&Attended<'_>) -> Result<()>) -> Result<()> {
    let mut state = spec.state();
    loop {
        let now = state.borrow_and_update().clone();
        let peer = match now {
            LinkState::Up(peer) => peer,
            LinkState::Down(trouble) if spec.is_dead() => return Err(trouble.to_error()),
            LinkState::Down(trouble) | LinkState::Silent(trouble) => {
                // At the start nothing is lost.
                if !trouble.begins {
                    ctx.lost(trouble.error, trouble.remedy);
                }
                state.changed().await.map_err(|_| Error::failed("the connection to spec has ended"))?;
                continue;
            }
        };
        let attended = Attended { ctx, spec, name: peer.name, is_live: Cell::new(false) };
        tokio::select! {
            biased;
            () = gone(ctx, &mut state, peer.generation, &attended) => {}
            end = work(&attended) => return end,
        }
    }
}

/// Waits until this connection is no more; says meanwhile when spec does not answer, and when it does again.
async fn gone(ctx: &ObjectContext, state: &mut watch::Receiver<LinkState>, generation: u64, attended: &Attended<'_>) {
    while state.changed().await.is_ok() {
        let now = state.borrow_and_update().clone();
        match now {
            LinkState::Up(peer) if peer.generation == generation => {
                if attended.is_live.get() {
                    ctx.live();
                }
            }
            LinkState::Silent(trouble) => ctx.lost(trouble.error, trouble.remedy),
            LinkState::Up(_) | LinkState::Down(_) => return,
        }
    }
}
