//! What a packet asks or tells: the `cmd` of its header. The decoder reads it, the encoder writes it.

use std::fmt;

/// What a packet asks or tells (*help*, and `enum` of the *header*). The first nine go from the client to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(i32)]
pub enum Command {
    /// The client leaves. The server frees what it holds for it as well when the connection is lost.
    Close = 1,
    /// As `^C` at the server's keyboard: it ends whatever spec does, not only what this client asked for. No answer.
    Abort = 2,
    /// The data is put on the server's queue of commands. No answer.
    Cmd = 3,
    /// As [`Command::Cmd`]; a [`Command::Reply`] brings the result.
    CmdWithReturn = 4,
    /// In the protocol, but not used.
    Return = 5,
    /// The client wants the events of a property; the first one comes at once. For a property that the server does not
    /// have, nothing comes (*peers*).
    Register = 6,
    /// The client wants no more events of a property.
    Unregister = 7,
    /// The server tells the value of a property: because it changed, or because a client has just registered.
    Event = 8,
    /// One function and its arguments are put on the server's queue; see [`Call`](crate::Call). No answer.
    Func = 9,
    /// As [`Command::Func`]; a [`Command::Reply`] brings the result.
    FuncWithReturn = 10,
    /// The client asks for the value of a property; a [`Command::Reply`] brings it.
    ChanRead = 11,
    /// The client sets a property. No answer.
    ChanSend = 12,
    /// The server answers the packet with the same serial number.
    Reply = 13,
    /// The client asks who is there; its own name stands in the header, for debugging.
    Hello = 14,
    /// The server tells the name of its spec, in the data.
    HelloReply = 15,
}

impl Command {
    /// All of them, by number.
    pub const ALL: [Self; 15] = [
        Self::Close,
        Self::Abort,
        Self::Cmd,
        Self::CmdWithReturn,
        Self::Return,
        Self::Register,
        Self::Unregister,
        Self::Event,
        Self::Func,
        Self::FuncWithReturn,
        Self::ChanRead,
        Self::ChanSend,
        Self::Reply,
        Self::Hello,
        Self::HelloReply,
    ];

    /// The number in the header, 1 to 15.
    #[must_use]
    pub fn number(self) -> i32 {
        self as i32
    }

    /// The command with this number.
    #[must_use]
    pub fn from_number(number: i32) -> Option<Self> {
        Self::ALL.into_iter().find(|command| command.number() == number)
    }

    /// The vendor's name without `SV_`, as in `CHAN_READ`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Close => "CLOSE",
            Self::Abort => "ABORT",
            Self::Cmd => "CMD",
            Self::CmdWithReturn => "CMD_WITH_RETURN",
            Self::Return => "RETURN",
            Self::Register => "REGISTER",
            Self::Unregister => "UNREGISTER",
            Self::Event => "EVENT",
            Self::Func => "FUNC",
            Self::FuncWithReturn => "FUNC_WITH_RETURN",
            Self::ChanRead => "CHAN_READ",
            Self::ChanSend => "CHAN_SEND",
            Self::Reply => "REPLY",
            Self::Hello => "HELLO",
            Self::HelloReply => "HELLO_REPLY",
        }
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
