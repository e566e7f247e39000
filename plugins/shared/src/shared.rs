//! The object behind every shared value: it publishes what it holds, takes another, and keeps it over a reload.

use std::cell::RefCell;

use brickwork_sdk::{ConfigProblem, Error, HardwareObject, ObjectContext, Publisher, Restored, Result, State};
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A type of value that can be shared, and what is its own about it.
pub trait Shareable: Clone + Serialize + DeserializeOwned + 'static {
    /// The kind in a layout; also the schema under which a value is saved.
    const KIND: &'static str;
    /// One sentence about it.
    const HELP: &'static str;
    /// What a layout may say of it.
    type Config: DeserializeOwned + JsonSchema;

    /// The value at first.
    fn initial(config: &Self::Config) -> Self;

    /// Every mistake in a config.
    fn problems(_config: &Self::Config) -> Vec<ConfigProblem> {
        Vec::new()
    }

    /// Why a value is not taken, if it is not.
    fn refusal(&self, _config: &Self::Config) -> Option<String> {
        None
    }

    /// Opens the channel of its interface.
    fn open(ctx: &ObjectContext) -> Publisher<Self>;
}

/// One value that bricks share.
pub struct Shared<T: Shareable> {
    config: T::Config,
    value: RefCell<T>,
    channel: Publisher<T>,
}

impl<T: Shareable> Shared<T> {
    /// Changes it for everybody.
    pub fn change(&self, value: T) -> Result<()> {
        if let Some(why) = value.refusal(&self.config) {
            return Err(Error::refused(why));
        }
        self.value.replace(value.clone());
        self.channel.publish(value);
        Ok(())
    }
}

impl<T: Shareable> HardwareObject for Shared<T> {
    const KIND: &'static str = T::KIND;
    const HELP: &'static str = T::HELP;
    type Config = T::Config;

    fn check(config: &T::Config) -> Vec<ConfigProblem> {
        T::problems(config)
    }

    fn new(config: T::Config, ctx: &ObjectContext) -> Result<Self> {
        Ok(Self { value: RefCell::new(T::initial(&config)), channel: T::open(ctx), config })
    }

    async fn run(&self, ctx: &ObjectContext) -> Result<()> {
        self.channel.publish(self.value.borrow().clone());
        ctx.live();
        std::future::pending().await
    }

    fn save(&self) -> State {
        State::new(T::KIND, &*self.value.borrow())
    }

    fn restore(&mut self, state: &State) -> Restored {
        let kept = match state.read::<T>(T::KIND) {
            Ok(kept) => kept,
            Err(error) => return Restored::Refused(error.message),
        };
        match kept.refusal(&self.config) {
            Some(why) => Restored::Refused(why),
            None => {
                self.value.replace(kept);
                Restored::Complete
            }
        }
    }
}
