//! The grammar of `interface!`.

use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Expr, ExprLit, Ident, Lit, LitFloat, LitStr, Meta, Result, Token, Type, Visibility, braced,
    parenthesized,
};

pub struct Interface {
    pub help: String,
    pub attributes: Vec<Attribute>,
    pub visibility: Visibility,
    pub name: Ident,
    pub version: u32,
    pub channels: Vec<Channel>,
    pub commands: Vec<Command>,
}

pub struct Channel {
    pub help: String,
    pub attributes: Vec<Attribute>,
    pub optional: bool,
    pub name: Ident,
    pub kind: Type,
    pub unit: Unit,
    pub period_secs: Option<f64>,
}

pub enum Unit {
    None,
    Fixed(String),
    Channel(String),
}

pub struct Command {
    pub help: String,
    pub attributes: Vec<Attribute>,
    pub optional: bool,
    pub always: bool,
    pub name: Ident,
    pub arguments: Vec<Argument>,
    pub output: Option<Type>,
    pub while_busy: String,
}

pub struct Argument {
    pub name: Ident,
    pub kind: Type,
    pub within: Option<String>,
}

mod word {
    syn::custom_keyword!(channel);
    syn::custom_keyword!(command);
    syn::custom_keyword!(always);
    syn::custom_keyword!(optional);
    syn::custom_keyword!(within);
    syn::custom_keyword!(every);
    syn::custom_keyword!(while_busy);
}

impl Parse for Interface {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        let name = input.parse()?;
        let version: Ident = input.parse()?;
        let number = version
            .to_string()
            .strip_prefix('v')
            .and_then(|digits| digits.parse().ok())
            .ok_or_else(|| syn::Error::new(version.span(), "the version follows the name, such as `v1`"))?;
        let body;
        braced!(body in input);
        let mut interface = Self {
            help: docs(&attributes),
            attributes,
            visibility,
            name,
            version: number,
            channels: Vec::new(),
            commands: Vec::new(),
        };
        while !body.is_empty() {
            interface.member(&body)?;
        }
        Ok(interface)
    }
}

impl Interface {
    fn member(&mut self, input: ParseStream<'_>) -> Result<()> {
        let attributes = input.call(Attribute::parse_outer)?;
        let optional = input.parse::<Option<word::optional>>()?.is_some();
        if input.peek(word::channel) {
            self.channels.push(Channel::parse(input, attributes, optional)?);
        } else {
            self.commands.push(Command::parse(input, attributes, optional)?);
        }
        Ok(())
    }
}

impl Channel {
    fn parse(input: ParseStream<'_>, attributes: Vec<Attribute>, optional: bool) -> Result<Self> {
        input.parse::<word::channel>()?;
        let name = input.parse()?;
        input.parse::<Token![:]>()?;
        let kind = input.parse()?;
        let unit = if input.parse::<Option<Token![in]>>()?.is_none() {
            Unit::None
        } else if input.peek(LitStr) {
            Unit::Fixed(input.parse::<LitStr>()?.value())
        } else {
            Unit::Channel(input.parse::<Ident>()?.to_string())
        };
        let period_secs = match input.parse::<Option<word::every>>()? {
            Some(_) => Some(input.parse::<LitFloat>()?.base10_parse()?),
            None => None,
        };
        input.parse::<Token![;]>()?;
        Ok(Self { help: docs(&attributes), attributes, optional, name, kind, unit, period_secs })
    }
}

impl Command {
    fn parse(input: ParseStream<'_>, attributes: Vec<Attribute>, optional: bool) -> Result<Self> {
        let always = input.parse::<Option<word::always>>()?.is_some();
        input.parse::<word::command>()?;
        let name = input.parse()?;
        let list;
        parenthesized!(list in input);
        let arguments = Punctuated::<Argument, Token![,]>::parse_terminated(&list)?.into_iter().collect();
        let output = match input.parse::<Option<Token![->]>>()? {
            Some(_) => Some(input.parse()?),
            None => None,
        };
        let mut while_busy = "Refuse".to_owned();
        if input.parse::<Option<word::while_busy>>()?.is_some() {
            let choice;
            parenthesized!(choice in input);
            let ident: Ident = choice.parse()?;
            while_busy = match ident.to_string().as_str() {
                "refuse" => "Refuse",
                "queue" => "Queue",
                "replace" => "Replace",
                _ => return Err(syn::Error::new(ident.span(), "one of refuse, queue, replace")),
            }
            .to_owned();
        }
        input.parse::<Token![;]>()?;
        Ok(Self { help: docs(&attributes), attributes, optional, always, name, arguments, output, while_busy })
    }
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let name = input.parse()?;
        input.parse::<Token![:]>()?;
        let kind = input.parse()?;
        let within = match input.parse::<Option<word::within>>()? {
            Some(_) => Some(input.parse::<Ident>()?.to_string()),
            None => None,
        };
        Ok(Self { name, kind, within })
    }
}

/// The text of doc comments.
fn docs(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value().trim().to_owned()),
            _ => None,
        },
        _ => None,
    });
    lines.collect::<Vec<_>>().join(" ")
}
