//! The derives for metrics: `Metrics` on a struct of instruments, `MetricAttributes` on a struct of labels, `MetricValue` on an enum.
//!
//! `options` reads `#[metric(…)]`; `instruments`, `labels` and `values` each check one kind of type and write its impl. With a
//! mistake there are the errors and no impl.

mod buckets;
mod instruments;
mod labels;
mod names;
mod options;
#[cfg(test)]
mod tests;
mod values;

use proc_macro2::{Span, TokenStream};
use quote::ToTokens as _;
use syn::{DeriveInput, Fields};

use crate::diag::{Diags, Spot};

/// Which derive it is.
#[derive(Clone, Copy)]
pub(crate) enum Derive {
    Metrics,
    Attributes,
    Value,
}

impl Derive {
    fn name(self) -> &'static str {
        match self {
            Self::Metrics => "Metrics",
            Self::Attributes => "MetricAttributes",
            Self::Value => "MetricValue",
        }
    }
}

/// The impl, or the errors.
pub(crate) fn derive(of: Derive, input: TokenStream) -> TokenStream {
    let input = match syn::parse2::<DeriveInput>(input) {
        Ok(input) => input,
        // rustc has parsed the item before; only syntax that is newer than this crate gets here.
        Err(error) => return error.into_compile_error(),
    };
    let mut diags = Diags::default();
    let mut places = Places::default();
    reject_generics(of, &input, &mut places, &mut diags);
    for attribute in options::those(&input.attrs) {
        let spot = places.spot(options::place(attribute));
        diags.report(spot, "`#[metric]` cannot stand on a type", "write it on a field or a variant");
    }
    let derived = match of {
        Derive::Metrics => instruments::expand(&input, &mut places, &mut diags),
        Derive::Attributes => labels::expand(&input, &mut places, &mut diags),
        Derive::Value => values::expand(&input, &mut places, &mut diags),
    };
    if diags.is_empty() { derived } else { diags.into_tokens() }
}

/// Numbers the places in the type, so that errors keep their order.
#[derive(Default)]
struct Places(usize);

impl Places {
    fn spot(&mut self, span: Span) -> Spot {
        self.0 += 1;
        Spot::item(span, self.0)
    }
}

/// What is declared once for the whole program has no parameters.
fn reject_generics(of: Derive, input: &DeriveInput, places: &mut Places, diags: &mut Diags) {
    if let Some(parameter) = input.generics.params.first() {
        let first = parameter.to_token_stream().into_iter().next();
        let spot = places.spot(first.map_or_else(Span::call_site, |token| token.span()));
        let wrong = format!("`{}` cannot be derived for a type with parameters", of.name());
        diags.report(
            spot,
            wrong,
            format!("write the concrete types, and `{}` without parameters", input.ident),
        );
    }
}

/// The named fields of a struct; anything else is a mistake.
fn named_fields<'a>(
    of: Derive,
    input: &'a DeriveInput,
    places: &mut Places,
    diags: &mut Diags,
) -> Vec<&'a syn::Field> {
    if let syn::Data::Struct(data) = &input.data {
        if let Fields::Named(fields) = &data.fields {
            return fields.named.iter().collect();
        }
    }
    let wrong = format!("`{}` needs a struct with named fields", of.name());
    let help = match of {
        Derive::Value => "write an enum",
        Derive::Metrics => "write `struct Shop { … }` with an instrument in each field",
        Derive::Attributes => "write `struct Labels { … }` with a label in each field",
    };
    diags.report(places.spot(input.ident.span()), wrong, help);
    Vec::new()
}
