//! `spec.number` and `spec.text`: one variable of spec, or an element of one, that is shown and can be set. Each is a
//! shared value, as `shared.number` and `shared.text` are, so every brick of those shows it.

mod place;

use std::cell::RefCell;

use brickwork_sdk::interfaces::{outside, shared_number, shared_text};
use brickwork_sdk::{Call, ConfigProblem, Error, HardwareObject, ObjectContext, Publisher, Result, Role};
use brickwork_spec_protocol::Data;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::attend::{Attended, Session};
use crate::session::words;
pub use place::{ElementForm, Place};

/// What a layout says of a number.
#[derive(Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NumberConfig {
    /// The variable: `NAME`, or an element of an array: `NAME[key]`, `NAME[key][key]`.
    #[schemars(example = "MXCOLLECT_PARS[current_phi]")]
    variable: String,
    /// Whether it is an element of a data array (`array double DATA[10]`), not of an associative one.
    data_array: bool,
    /// `Brackets` for spec; `Slash` for servers that know elements as `var/NAME/key`.
    element_form: ElementForm,
    /// The lowest and the highest number that may be set from here; any number without it.
    range: Option<(f64, f64)>,
    /// Whether it is only shown.
    read_only: bool,
}

/// What a layout says of a text.
#[derive(Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TextConfig {
    /// The variable: `NAME`, or an element of an array: `NAME[key]`, `NAME[key][key]`.
    #[schemars(example = "MXCOLLECT_PARS[filename]")]
    variable: String,
    /// Whether it is an element of a data array (`array string TEXTS[10][80]`), not of an associative one.
    data_array: bool,
    /// `Brackets` for spec; `Slash` for servers that know elements as `var/NAME/key`.
    element_form: ElementForm,
    /// Whether it is only shown.
    read_only: bool,
}

/// What differs between a number and a text.
pub trait Kind: Clone + PartialEq + Serialize + 'static {
    const KIND: &'static str;
    const HELP: &'static str;
    type Config: DeserializeOwned + JsonSchema;

    /// Which variable it is.
    ///
    /// # Errors
    /// It is none.
    fn place(config: &Self::Config) -> Result<Place, ConfigProblem>;

    /// What else is wrong with a config.
    fn problems(_config: &Self::Config) -> Vec<ConfigProblem> {
        Vec::new()
    }

    /// What a value of spec is taken for.
    ///
    /// # Errors
    /// It is something else.
    fn read(data: &Data) -> Result<Self>;

    /// As spec takes it.
    fn write(&self) -> Data;

    /// Why it may not be set, if so.
    fn refusal(&self, config: &Self::Config) -> Option<String>;

    /// Opens the channel of its interface.
    fn open(ctx: &ObjectContext) -> Publisher<Self>;
}

/// One variable of spec.
pub struct Variable<T: Kind> {
    config: T::Config,
    place: Place,
    session: Session,
    value: Publisher<T>,
    said: RefCell<Option<T>>,
}

impl<T: Kind> HardwareObject for Variable<T> {
    const KIND: &'static str = T::KIND;
    const HELP: &'static str = T::HELP;
    type Config = T::Config;

    fn roles() -> Vec<Role> {
        vec![Session::role()]
    }

    fn check(config: &T::Config) -> Vec<ConfigProblem> {
        T::place(config).err().into_iter().chain(T::problems(config)).collect()
    }

    fn new(config: T::Config, ctx: &ObjectContext) -> Result<Self> {
        let place = T::place(&config).map_err(|problem| Error::failed(problem.to_string()))?;
        let (session, value) = (Session::bind(ctx)?, T::open(ctx));
        Ok(Self { config, place, session, value, said: RefCell::default() })
    }

    async fn run(&self, ctx: &ObjectContext) -> Result<()> {
        self.session.attend(ctx, async |spec| self.follow(ctx, spec).await).await
    }
}

impl<T: Kind> Variable<T> {
    async fn follow(&self, ctx: &ObjectContext, spec: &Attended<'_>) -> Result<()> {
        self.said.take();
        let events = self.place.watch(spec);
        let mut data = self.place.first(spec, &events, ctx.clock()).await;
        loop {
            match self.take(data) {
                Ok(()) => spec.live(),
                Err(error) => spec.lost(error.message, "Correct `variable` in the layout, or the macro that sets it."),
            }
            let seen = events.next().await;
            data = if seen.deleted { Data::error("it is no more") } else { seen.data };
        }
    }

    /// Shows a value when it is another one.
    fn take(&self, data: Data) -> Result<()> {
        self.show(&self.place.pick(data)?)
    }

    fn show(&self, picked: &Data) -> Result<()> {
        let told = |error: Error| Error::failed(format!("variable {}: {error}", self.place.text));
        let value = T::read(picked).map_err(told)?;
        if self.said.borrow().as_ref() != Some(&value) {
            self.said.replace(Some(value.clone()));
            self.value.publish(value);
        }
        Ok(())
    }

    /// Sets it for everybody; finishes when spec has taken it.
    async fn set(&self, value: T) -> Result<()> {
        if let Some(why) = value.refusal(&self.config) {
            return Err(Error::refused(why));
        }
        let spec = self.session.spec()?;
        self.show(&self.place.set(&spec, value.write()).await?)
    }
}

const READ_ONLY: &str = "it is only shown here: the layout has `read_only` for it";

impl Kind for f64 {
    const KIND: &'static str = "spec.number";
    const HELP: &'static str = "A variable of spec, or an element of one, that is a number: shown, and set within a \
                                range.";
    type Config = NumberConfig;

    fn place(config: &NumberConfig) -> Result<Place, ConfigProblem> {
        Place::parse("variable", &config.variable, config.data_array, config.element_form)
    }

    fn problems(config: &NumberConfig) -> Vec<ConfigProblem> {
        let wrong = config.range.filter(|(low, high)| low.partial_cmp(high) != Some(std::cmp::Ordering::Less));
        let why = |(low, high)| format!("the lowest {low} is not below the highest {high}");
        wrong.map(|range| ConfigProblem::at("range", why(range))).into_iter().collect()
    }

    fn read(data: &Data) -> Result<Self> {
        data.to_number().map_err(|error| Error::failed(error.to_string()))
    }

    fn write(&self) -> Data {
        Data::number(*self)
    }

    fn refusal(&self, config: &NumberConfig) -> Option<String> {
        match (config.read_only, self.is_finite()) {
            (true, _) => Some(READ_ONLY.into()),
            (false, false) => Some(format!("{self} is not a number that spec takes")),
            (false, true) => config.range.and_then(|range| outside(*self, range, "")),
        }
    }

    fn open(ctx: &ObjectContext) -> Publisher<Self> {
        shared_number::Channels::new(ctx).value
    }
}

impl Kind for String {
    const KIND: &'static str = "spec.text";
    const HELP: &'static str = "A variable of spec, or an element of one, that is a text: shown, and set.";
    type Config = TextConfig;

    fn place(config: &TextConfig) -> Result<Place, ConfigProblem> {
        Place::parse("variable", &config.variable, config.data_array, config.element_form)
    }

    fn read(data: &Data) -> Result<Self> {
        match data {
            Data::Error(why) => Err(Error::failed(why.clone())),
            Data::Assoc(_) => Err(Error::failed("it is an associative array: name one element, `NAME[key]`")),
            data => Ok(words(data)),
        }
    }

    fn write(&self) -> Data {
        Data::text(self.clone())
    }

    fn refusal(&self, config: &TextConfig) -> Option<String> {
        match (config.read_only, self.contains('\0')) {
            (true, _) => Some(READ_ONLY.into()),
            (false, true) => Some("spec takes no text with a NUL in it".into()),
            (false, false) => None,
        }
    }

    fn open(ctx: &ObjectContext) -> Publisher<Self> {
        shared_text::Channels::new(ctx).value
    }
}

impl shared_number::Serve for Variable<f64> {
    async fn set(&self, _: &Call, value: f64) -> Result<()> {
        Self::set(self, value).await
    }
}

impl shared_text::Serve for Variable<String> {
    async fn set(&self, _: &Call, value: String) -> Result<()> {
        Self::set(self, value).await
    }
}
