//! The proc macros of the sdk: `interface!`. Plugin authors meet them through `brickwork_sdk`.

mod generate;
mod parse;

use proc_macro::TokenStream;

/// Declares an interface: its descriptor, its typed client and its typed server side.
///
/// See `brickwork_sdk::interfaces` for the standard ones as examples.
#[proc_macro]
pub fn interface(input: TokenStream) -> TokenStream {
    match syn::parse::<parse::Interface>(input) {
        Ok(interface) => generate::module(&interface).into(),
        Err(error) => error.into_compile_error().into(),
    }
}
