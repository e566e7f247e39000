//! The code that `interface!` writes: one module per interface.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::parse::{Channel, Command, Interface, Unit};

pub fn module(interface: &Interface) -> TokenStream {
    let Interface { attributes, visibility, name, .. } = interface;
    let descriptor = descriptor(interface);
    let client = client(interface);
    let channels = channels(interface);
    let serve = serve(interface);
    quote! {
        #(#attributes)*
        #visibility mod #name {
            #[allow(unused_imports)]
            use super::*;
            #descriptor
            #client
            #channels
            #serve
        }
    }
}

/// `motor` as `Motor`, `sample_changer` as `SampleChanger`.
fn camel(name: &Ident) -> Ident {
    let text = name.to_string();
    let words = text.split('_').map(|word| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
    });
    format_ident!("{}", words.collect::<String>(), span = name.span())
}

fn spelled(kind: &syn::Type) -> String {
    quote!(#kind).to_string().replace(' ', "").replace(',', ", ")
}

fn descriptor(interface: &Interface) -> TokenStream {
    let Interface { help, version, .. } = interface;
    let name = interface.name.to_string();
    let channels = interface.channels.iter().map(|channel| {
        let Channel { help, optional, kind, unit, period_secs, .. } = channel;
        let name = channel.name.to_string();
        let kind = spelled(kind);
        let unit = match unit {
            Unit::None => quote!(None),
            Unit::Fixed(unit) => quote!(Fixed(#unit.into())),
            Unit::Channel(unit) => quote!(Channel(#unit.into())),
        };
        let period = period_secs.map_or_else(|| quote!(None), |secs| quote!(Some(#secs)));
        quote! {
            ::brickwork_sdk::interface::ChannelInfo {
                name: #name.into(), help: #help.into(), kind: #kind.into(),
                unit: ::brickwork_sdk::interface::Unit::#unit, optional: #optional, period_secs: #period,
            }
        }
    });
    let commands = interface.commands.iter().map(|command| {
        let Command { help, optional, always, .. } = command;
        let name = command.name.to_string();
        let while_busy = format_ident!("{}", command.while_busy);
        let arguments = command.arguments.iter().map(|argument| {
            let name = argument.name.to_string();
            let kind = spelled(&argument.kind);
            let within = argument.within.as_ref().map_or_else(|| quote!(None), |w| quote!(Some(#w.into())));
            quote! {
                ::brickwork_sdk::interface::ArgumentInfo { name: #name.into(), kind: #kind.into(), within: #within }
            }
        });
        quote! {
            ::brickwork_sdk::interface::CommandInfo {
                name: #name.into(), help: #help.into(), arguments: ::std::vec![#(#arguments),*],
                always: #always, optional: #optional,
                while_busy: ::brickwork_sdk::interface::WhileBusy::#while_busy,
            }
        }
    });
    quote! {
        /// The name of the interface, as roles ask for it.
        pub const NAME: &str = #name;

        /// The contract as data.
        pub fn interface() -> ::brickwork_sdk::interface::Interface {
            ::brickwork_sdk::interface::Interface {
                name: NAME.into(), version: #version, help: #help.into(),
                channels: ::std::vec![#(#channels),*],
                commands: ::std::vec![#(#commands),*],
            }
        }
    }
}

fn client(interface: &Interface) -> TokenStream {
    let client = camel(&interface.name);
    let summary = format!("A client of one `{}`.", interface.name);
    let fields = interface
        .channels
        .iter()
        .map(|Channel { name, kind, .. }| quote!(#name: ::brickwork_sdk::client::Channel<#kind>));
    let bound = interface.channels.iter().map(|channel| {
        let name = &channel.name;
        let text = name.to_string();
        let (unit, unit_channel) = match &channel.unit {
            Unit::None => ("", ""),
            Unit::Fixed(unit) => (unit.as_str(), ""),
            Unit::Channel(unit) => ("", unit.as_str()),
        };
        quote!(#name: ::brickwork_sdk::client::Channel::bind(context, object, #text, #unit, #unit_channel))
    });
    let readers = interface.channels.iter().map(|Channel { name, kind, attributes, .. }| {
        quote! {
            #(#attributes)*
            pub fn #name(&self) -> &::brickwork_sdk::client::Channel<#kind> { &self.#name }
        }
    });
    let senders = interface.commands.iter().map(|command| {
        let Command { name, attributes, .. } = command;
        let text = name.to_string();
        let output = output(command);
        let parameters = command.arguments.iter().map(|a| {
            let (name, kind) = (&a.name, &a.kind);
            quote!(#name: #kind)
        });
        let entries = command.arguments.iter().map(|a| {
            let name = &a.name;
            let text = name.to_string();
            quote!((#text, ::brickwork_sdk::to_value(&#name).unwrap_or_default()))
        });
        quote! {
            #(#attributes)*
            #[track_caller]
            pub fn #name(&self #(, #parameters)*) -> ::brickwork_sdk::client::Command<#output> {
                let arguments = ::brickwork_sdk::Value::map::<&str>([#(#entries),*]);
                ::brickwork_sdk::client::Command::send(&self.context, &self.object, NAME, #text, arguments)
            }
        }
    });
    quote! {
        #[doc = #summary]
        #[derive(Clone)]
        pub struct #client {
            context: ::brickwork_sdk::Context,
            object: ::std::string::String,
            status: ::brickwork_sdk::client::Channel<::brickwork_sdk::status::ObjectStatus>,
            #(#fields,)*
        }

        impl #client {
            fn to(context: &::brickwork_sdk::Context, object: &str) -> Self {
                Self {
                    context: context.clone(),
                    object: object.into(),
                    status: ::brickwork_sdk::client::Channel::bind(context, object, "status", "", ""),
                    #(#bound,)*
                }
            }

            /// The object that fills a role.
            ///
            /// # Errors
            /// When the role is open or names several.
            pub fn bind(context: &::brickwork_sdk::Context, role: &str) -> ::brickwork_sdk::Result<Self> {
                ::brickwork_sdk::client::one(context, role).map(|object| Self::to(context, object))
            }

            /// The object that fills a role, if one does.
            pub fn bind_optional(context: &::brickwork_sdk::Context, role: &str) -> ::std::option::Option<Self> {
                context.role(role).first().map(|object| Self::to(context, object))
            }

            /// Every object that fills a role, in order.
            pub fn bind_all(context: &::brickwork_sdk::Context, role: &str) -> ::std::vec::Vec<Self> {
                context.role(role).iter().map(|object| Self::to(context, object)).collect()
            }

            /// The object's name.
            pub fn object(&self) -> &str { &self.object }

            /// What is known of the object itself: link, activity, message, questions.
            pub fn status(&self) -> &::brickwork_sdk::client::Channel<::brickwork_sdk::status::ObjectStatus> {
                &self.status
            }

            #(#readers)*
            #(#senders)*
        }
    }
}

fn output(command: &Command) -> TokenStream {
    command.output.as_ref().map_or_else(|| quote!(()), |kind| quote!(#kind))
}

fn channels(interface: &Interface) -> TokenStream {
    let summary = format!("What a server of `{}` publishes.", interface.name);
    let fields = interface.channels.iter().map(
        |Channel { name, kind, attributes, .. }| quote!(#(#attributes)* pub #name: ::brickwork_sdk::Publisher<#kind>),
    );
    let opened = interface.channels.iter().map(|Channel { name, .. }| {
        let text = name.to_string();
        quote!(#name: ::brickwork_sdk::Publisher::new(context, #text))
    });
    quote! {
        #[doc = #summary]
        pub struct Channels { #(#fields,)* }

        impl Channels {
            /// Opens them.
            #[allow(unused_variables)]
            pub fn new(context: &::brickwork_sdk::ObjectContext) -> Self {
                Self { #(#opened,)* }
            }
        }
    }
}

fn serve(interface: &Interface) -> TokenStream {
    let summary = format!("The commands that a server of `{}` answers.", interface.name);
    let methods = interface.commands.iter().map(|command| {
        let Command { name, attributes, optional, .. } = command;
        let output = output(command);
        let parameters = command.arguments.iter().map(|a| {
            let (name, kind) = (&a.name, &a.kind);
            quote!(#name: #kind)
        });
        let signature = quote! {
            #(#attributes)*
            fn #name(&self, call: &::brickwork_sdk::Call #(, #parameters)*)
                -> impl ::std::future::Future<Output = ::brickwork_sdk::Result<#output>>
        };
        if *optional {
            let refusal = format!("this object has no {name:?}", name = name.to_string());
            quote! {
                #[allow(unused_variables)]
                #signature {
                    async { ::std::result::Result::Err(::brickwork_sdk::Error::refused(#refusal)) }
                }
            }
        } else {
            quote!(#signature;)
        }
    });
    let arms = interface.commands.iter().map(|command| {
        let name = &command.name;
        let text = name.to_string();
        let arguments = command.arguments.iter().map(|argument| {
            let text = argument.name.to_string();
            quote!(arguments.take(#text)?)
        });
        quote!(#text => ::brickwork_sdk::to_value(&object.#name(call #(, #arguments)*).await?)?)
    });
    quote! {
        #[doc = #summary]
        pub trait Serve {
            #(#methods)*
        }

        /// Answers one call; for code that `plugin!` writes.
        ///
        /// # Errors
        /// What the command says.
        #[doc(hidden)]
        #[allow(unused_variables, unreachable_code)]
        pub async fn dispatch<T: Serve>(
            object: &T,
            call: &::brickwork_sdk::Call,
            command: &str,
            arguments: ::brickwork_sdk::object::Arguments,
        ) -> ::brickwork_sdk::Result<::brickwork_sdk::Value> {
            ::std::result::Result::Ok(match command {
                #(#arms,)*
                _ => return ::std::result::Result::Err(::brickwork_sdk::Error::refused(
                    ::std::format!("{NAME} has no command {command:?}"),
                )),
            })
        }
    }
}
