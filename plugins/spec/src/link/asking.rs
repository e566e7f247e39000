//! What a connection does for its users: follow, read, set, call, start, abort. What takes long is in `command`, what
//! starts together in `starts`.

use std::rc::Rc;
use std::time::Duration;

use brickwork_sdk::{Error, Result};
use brickwork_spec_protocol::{Call, Command, Data, MotorProperty, Packet, Property, Status};

use super::registry::{Dispatch, Queue};
use super::requests::Waiting;
use super::{CallForm, Connection, READ_LIMIT, Watch, starts};

impl Connection {
    /// Follows properties by the names that are sent. Registering what is there brings its value at once.
    pub fn watch_names(&self, properties: impl IntoIterator<Item = (String, Dispatch)>) -> Watch {
        let (queue, mut wires) = (Rc::<Queue>::default(), Vec::new());
        let shared = self.shared();
        for (which, (wire, dispatch)) in properties.into_iter().enumerate() {
            if shared.registry.add(&wire, &queue, which, dispatch) && shared.is_connected() {
                let sent = shared.send(Packet::new(Command::Register, 0, &wire, Data::Empty));
                if let Err(error) = sent {
                    tracing::warn!("{wire} is not registered: {error}");
                }
            }
            wires.push(wire);
        }
        Watch { connection: self.clone(), wires, queue }
    }

    /// Follows properties.
    pub fn watch(&self, properties: impl IntoIterator<Item = (Property, Dispatch)>) -> Watch {
        self.watch_names(properties.into_iter().map(|(property, dispatch)| (property.to_string(), dispatch)))
    }

    /// Asks for the value of a property, by the name that is sent.
    ///
    /// # Errors
    /// spec has none, and says why; or it does not answer in time.
    pub async fn read_name(&self, name: &str) -> Result<Data> {
        let make = |serial| Packet::new(Command::ChanRead, serial, name, Data::Empty);
        self.request(make, &format!("reading {name}"), READ_LIMIT).await
    }

    /// Asks for the value of a property.
    ///
    /// # Errors
    /// As [`Self::read_name`].
    pub async fn read(&self, property: &Property) -> Result<Data> {
        self.read_name(&property.to_string()).await
    }

    async fn request(&self, make: impl FnOnce(u32) -> Packet, what: &str, limit: Duration) -> Result<Data> {
        self.check()?;
        let mut waiting = self.shared().requests.add();
        self.send(make(waiting.serial))?;
        let reply = self.shared().clock.limit(limit, waiting.reply()).await;
        let late = |_| Error::failed(format!("spec did not answer to {what} within {} s", limit.as_secs_f64()));
        answer(reply.map_err(late)??, what)
    }

    /// Sets a property, by the name that is sent, and finishes when spec has taken or refused it; with its value then.
    ///
    /// spec replies only to refuse, so a read follows: packets are worked through in their order.
    ///
    /// # Errors
    /// What spec says against it, that it cannot be read again, or that spec does not answer.
    pub async fn write_name(&self, name: &str, value: Data) -> Result<Data> {
        self.check()?;
        let what = format!("setting {name}");
        let mut refusal = self.shared().requests.add();
        self.send(Packet::new(Command::ChanSend, refusal.serial, name, value))?;
        tokio::select! {
            biased;
            reply = refusal.reply() => answer(reply?, &what),
            read = self.read_name(name) => read,
        }
    }

    /// Sets a property that cannot be read again, by the name that is sent; finishes when spec has worked through it.
    ///
    /// # Errors
    /// What spec says against it, or that it does not answer.
    pub async fn order(&self, property: &Property, value: Data) -> Result<()> {
        let name = property.to_string();
        self.check()?;
        let mut refusal = self.shared().requests.add();
        self.send(Packet::new(Command::ChanSend, refusal.serial, &name, value))?;
        let mut barrier = self.shared().requests.add();
        // Any answer will do: packets are worked through in their order.
        self.send(Packet::read(barrier.serial, &Property::Status(Status::Ready)))?;
        let done = async {
            tokio::select! {
                biased;
                reply = refusal.reply() => answer(reply?, &format!("setting {name}")).map(|_| ()),
                reply = barrier.reply() => reply.map(|_| ()),
            }
        };
        let late =
            |_| Error::failed(format!("spec did not answer to setting {name} within {} s", READ_LIMIT.as_secs()));
        self.shared().clock.limit(READ_LIMIT, done).await.map_err(late)?
    }

    /// Sends a property without waiting for anything.
    ///
    /// # Errors
    /// It cannot be sent.
    pub fn post(&self, property: &Property, value: Data) -> Result<()> {
        self.send(Packet::write(property, value))
    }

    /// Sends `^C`: it ends whatever spec does, whoever asked for it. Calls and commands that wait here end as aborted.
    ///
    /// # Errors
    /// There is no spec to send it to.
    pub fn abort(&self) -> Result<()> {
        self.shared().starts.clear();
        self.send(Packet::abort())?;
        self.shared().aborts.send_modify(|count| *count += 1);
        Ok(())
    }

    /// Calls a function of spec and waits for its result, for ever unless there is a limit.
    ///
    /// # Errors
    /// spec says why not, the link is lost, it was aborted, or it took too long.
    pub async fn call(&self, call: &Call, form: CallForm, limit: Option<Duration>) -> Result<Data> {
        let make = |serial| Packet::new(Command::FuncWithReturn, serial, "", form.data(call));
        self.execute(make, &format!("the call of {}", call.function), limit).await
    }

    /// Has spec call a function, and waits for nothing.
    ///
    /// # Errors
    /// It cannot be sent.
    pub fn send_call(&self, call: &Call, form: CallForm) -> Result<()> {
        self.send(Packet::new(Command::Func, 0, "", form.data(call)))
    }

    /// Has spec execute a command, and waits for nothing.
    ///
    /// # Errors
    /// It cannot be sent.
    pub fn send_command(&self, command: &str) -> Result<()> {
        self.send(Packet::command(command))
    }

    /// Has spec execute a command as if it was typed, and waits for its result, for ever unless there is a limit.
    ///
    /// # Errors
    /// As [`Self::call`].
    pub async fn command(&self, command: &str, limit: Option<Duration>) -> Result<Data> {
        let make = |serial| Packet::command_with_return(serial, command);
        self.execute(make, &format!("the command {command:?}"), limit).await
    }

    /// Starts a motor on its way to a user position, together with all that are started at the same time. Finishes when
    /// that was sent; what is awaited of the answer is why it is refused, if it is.
    ///
    /// # Errors
    /// There is no spec to send it to, or it was aborted before it was sent.
    pub async fn start_motor(&self, mnemonic: &str, position: f64) -> Result<Refusal<'_>> {
        self.check()?;
        starts::start(&self.handle, mnemonic, position).await
    }

    /// Where a motor is, asked now.
    ///
    /// # Errors
    /// As [`Self::read`], or what it says is no number.
    pub async fn motor_number(&self, mnemonic: &str, property: MotorProperty) -> Result<f64> {
        let data = self.read(&Property::motor(mnemonic, property)).await?;
        data.to_number().map_err(|error| Error::failed(format!("motor {mnemonic}: {}: {error}", property.name())))
    }
}

impl CallForm {
    fn data(self, call: &Call) -> Data {
        match self {
            Self::Nul => call.to_data(),
            Self::Text => Data::text(call.to_source()),
        }
    }
}

/// A start that spec may still refuse.
pub struct Refusal<'a> {
    pub(super) waiting: Waiting<'a>,
    pub(super) what: String,
}

impl Refusal<'_> {
    /// Why it was refused, or that the link is lost. It does not end when it is not refused.
    pub async fn refused(&mut self) -> Error {
        match self.waiting.reply().await.and_then(|reply| answer(reply, &self.what)) {
            Err(error) => error,
            // A reply that refuses nothing: no spec sends one.
            Ok(_) => std::future::pending().await,
        }
    }
}

/// The value of a reply, or what spec said instead.
pub(super) fn answer(reply: Packet, what: &str) -> Result<Data> {
    match reply.failure() {
        Some(text) => Err(Error::failed(format!("spec refused {what}: {}", text.trim()))),
        None => Ok(reply.data),
    }
}
