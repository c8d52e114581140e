//! A struct with named fields.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Field, Fields, LitStr, Result};

/// What the attributes of a field say.
#[derive(Default)]
struct Wishes {
    rename: Option<String>,
    null: bool,
    skip: bool,
}

pub(crate) fn expand(input: DeriveInput) -> Result<TokenStream> {
    let Data::Struct(data) = &input.data else {
        return Err(Error::new_spanned(&input.ident, "Record is for structs; Word is for enums"));
    };
    let Fields::Named(fields) = &data.fields else {
        return Err(Error::new_spanned(&input.ident, "a record's fields have names"));
    };
    let name = &input.ident;
    let pascal = rename_all(&input.attrs)?.is_some_and(|style| style == "PascalCase");
    let idents: Vec<_> = fields.named.iter().filter_map(|field| field.ident.as_ref()).collect();
    let infos = fields
        .named
        .iter()
        .map(|field| info(field, pascal))
        .collect::<Result<Vec<TokenStream>>>()?;
    let numbers: Vec<usize> = (0..idents.len()).collect();
    let doer = quote!(::steppe_planner::record);
    Ok(quote! {
        impl #doer::Record for #name {
            fn fields(&self) -> &'static [#doer::Field] {
                &[#(#infos),*]
            }

            fn part(&self, number: usize) -> &dyn #doer::Part {
                match number {
                    #(#numbers => &self.#idents,)*
                    _ => &#doer::NOTHING,
                }
            }

            fn part_mut(&mut self, number: usize) -> ::core::option::Option<&mut dyn #doer::Part> {
                ::core::option::Option::Some(match number {
                    #(#numbers => &mut self.#idents,)*
                    _ => return ::core::option::Option::None,
                })
            }
        }

        impl #doer::Part for #name {
            fn view(&self) -> #doer::View<'_> {
                #doer::View::Record(self)
            }

            fn slot(&mut self) -> #doer::Slot<'_> {
                #doer::Slot::Record(self)
            }

            fn clear(&mut self) {
                *self = ::core::default::Default::default();
            }
        }

        impl ::core::clone::Clone for #name {
            fn clone(&self) -> #name {
                let mut copy = #name::default();
                #doer::copy(self, &mut copy);
                copy
            }
        }

        impl ::core::cmp::PartialEq for #name {
            fn eq(&self, other: &#name) -> bool {
                #doer::same(self, other)
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
                let mut record = #name::default();
                #doer::read(&mut record, from)?;
                ::core::result::Result::Ok(record)
            }
        }
    })
}

fn info(field: &Field, pascal: bool) -> Result<TokenStream> {
    let wishes = wishes(field)?;
    let plain = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
    let name = match wishes.rename {
        Some(name) => name,
        None if pascal => pascal_case(&plain),
        None => plain,
    };
    let (null, skip) = (wishes.null, wishes.skip);
    Ok(quote!(::steppe_planner::record::Field { name: #name, null: #null, skip: #skip }))
}

fn wishes(field: &Field) -> Result<Wishes> {
    let mut wishes = Wishes::default();
    for attribute in field.attrs.iter().filter(|a| a.path().is_ident("record")) {
        attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("rename") {
                wishes.rename = Some(meta.value()?.parse::<LitStr>()?.value());
            } else if meta.path.is_ident("null") {
                wishes.null = true;
            } else if meta.path.is_ident("skip") {
                wishes.skip = true;
            } else {
                return Err(meta.error("rename, null or skip"));
            }
            Ok(())
        })?;
    }
    Ok(wishes)
}

/// The style that `rename_all` asks for.
pub(crate) fn rename_all(attributes: &[syn::Attribute]) -> Result<Option<String>> {
    let mut style = None;
    for attribute in attributes.iter().filter(|a| a.path().is_ident("record")) {
        attribute.parse_nested_meta(|meta| {
            if !meta.path.is_ident("rename_all") {
                return Err(meta.error("rename_all"));
            }
            let text: LitStr = meta.value()?.parse()?;
            if !matches!(text.value().as_str(), "PascalCase" | "lowercase") {
                return Err(Error::new_spanned(text, "PascalCase or lowercase"));
            }
            style = Some(text.value());
            Ok(())
        })?;
    }
    Ok(style)
}

fn pascal_case(snake: &str) -> String {
    let mut out = String::new();
    for word in snake.split('_') {
        let mut letters = word.chars();
        out.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        out.extend(letters);
    }
    out
}
