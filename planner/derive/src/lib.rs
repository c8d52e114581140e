//! `#[derive(Record)]` and `#[derive(Word)]`: what a type's fields or variants are called, and how to reach them.
//!
//! Only the description is made for each type. Reading, writing, comparing and copying are written once, in the
//! planner's `record` module, and go through it; serde's own derive makes them anew for every type, which was a
//! third of the page.

mod record;
mod word;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Describes a struct: `Part`, `Record`, `Clone`, `PartialEq`, `Serialize` and `Deserialize` follow from it.
///
/// On the struct, `#[record(rename_all = "PascalCase")]` names its fields; without it they keep their names. On a field:
/// - `rename = "ID"`: this name instead;
/// - `null`: an empty list or map is written as `null`, as Go does;
/// - `skip`: what is empty or absent is not written.
///
/// An absent field and `null` read as the default.
#[proc_macro_derive(Record, attributes(record))]
pub fn derive_record(input: TokenStream) -> TokenStream {
    expand(record::expand(parse_macro_input!(input as DeriveInput)))
}

/// Describes an enum without data: its variants are words. `Part`, `Word`, `Serialize` and `Deserialize` follow.
#[proc_macro_derive(Word, attributes(record))]
pub fn derive_word(input: TokenStream) -> TokenStream {
    expand(word::expand(parse_macro_input!(input as DeriveInput)))
}

fn expand(code: syn::Result<proc_macro2::TokenStream>) -> TokenStream {
    code.unwrap_or_else(syn::Error::into_compile_error).into()
}
