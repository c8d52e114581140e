//! An enum whose variants carry nothing.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Result};

pub(crate) fn expand(input: DeriveInput) -> Result<TokenStream> {
    let Data::Enum(data) = &input.data else {
        return Err(Error::new_spanned(&input.ident, "Word is for enums; Record is for structs"));
    };
    if let Some(variant) = data.variants.iter().find(|v| !v.fields.is_empty()) {
        return Err(Error::new_spanned(variant, "a word carries nothing"));
    }
    let name = &input.ident;
    let small = crate::record::rename_all(&input.attrs)?.is_some_and(|style| style == "lowercase");
    let idents: Vec<_> = data.variants.iter().map(|variant| &variant.ident).collect();
    let words: Vec<String> = idents
        .iter()
        .map(|ident| if small { ident.to_string().to_lowercase() } else { ident.to_string() })
        .collect();
    let doer = quote!(::steppe_planner::record);
    Ok(quote! {
        impl #name {
            const WORDS: &'static [(&'static str, #name)] = &[#((#words, #name::#idents)),*];
        }

        impl #doer::Word for #name {
            fn word(&self) -> &'static str {
                match self {
                    #(#name::#idents => #words,)*
                }
            }

            fn set_word(&mut self, word: &str) -> bool {
                let found = #name::WORDS.iter().find(|(known, _)| *known == word);
                found.is_some_and(|(_, value)| {
                    *self = *value;
                    true
                })
            }
        }

        impl #doer::Part for #name {
            fn view(&self) -> #doer::View<'_> {
                #doer::View::Text(#doer::Word::word(self))
            }

            fn slot(&mut self) -> #doer::Slot<'_> {
                #doer::Slot::Word(self)
            }

            fn clear(&mut self) {
                *self = ::core::default::Default::default();
            }
        }

        impl ::serde::Serialize for #name {
            fn serialize<S: ::serde::Serializer>(
                &self,
                to: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                #doer::write(self, to)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                from: D,
            ) -> ::core::result::Result<#name, D::Error> {
                let mut word = #name::default();
                #doer::read(&mut word, from)?;
                ::core::result::Result::Ok(word)
            }
        }
    })
}
