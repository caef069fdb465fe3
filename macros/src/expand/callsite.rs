//! The `static` with everything about a call site that is known at compile time.

use proc_macro2::{Literal, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt as _;

use super::hidden;
use crate::args::{Cancel, Kind};
use crate::check::DEFAULTS;
use crate::plan::{Limits, Plan};

/// `static __CALLSITE: Callsite = …;`
pub(super) fn expand(plan: &Plan) -> TokenStream {
    let callsite = hidden("__CALLSITE");
    let ident = &plan.func.sig.ident;
    let function = ident.unraw().to_string();
    // `line!()` is the line of the outermost invocation: with the user's span, that of the function's name.
    let line = quote_spanned!(ident.span()=> ::core::line!());
    let name = plan.name.as_ref().map_or_else(
        || quote!(::core::option::Option::None),
        |name| quote!(::core::option::Option::Some(#name)),
    );
    let (kind, cancel) = (kind(plan.kind), cancel(plan.cancel));
    let receiver = plan.func.has_receiver();
    let redacted = &plan.redacted;
    let max_value = Literal::u32_unsuffixed(plan.limits.max_value);
    let max_span = Literal::u32_unsuffixed(plan.limits.max_span);
    quote! {
        static #callsite: ::wirespan::__private::Callsite = ::wirespan::__private::Callsite::new(
            ::wirespan::__private::Source {
                function: #function,
                module: ::core::module_path!(),
                file: ::core::file!(),
                line: #line,
                package: ::core::option_env!("CARGO_PKG_NAME"),
                version: ::core::option_env!("CARGO_PKG_VERSION"),
            },
            ::wirespan::__private::Options {
                name: #name,
                kind: #kind,
                receiver: #receiver,
                redacted: &[#(#redacted),*],
                max_value: #max_value,
                max_span: #max_span,
                cancel: #cancel,
            },
        );
    }
}

/// A span that stands in the source by itself.
pub(crate) struct ByHand<'a> {
    pub(crate) name: &'a str,
    pub(crate) kind: Kind,
}

/// The call site of such a span. The function around it is known from the subject only.
pub(crate) fn by_hand(span: &ByHand<'_>) -> TokenStream {
    let callsite = hidden("__CALLSITE");
    let (name, kind) = (span.name, kind(span.kind));
    let Limits { max_value, max_span } = DEFAULTS;
    quote! {
        static #callsite: ::wirespan::__private::Callsite = ::wirespan::__private::Callsite::new(
            ::wirespan::__private::Source {
                function: "",
                module: ::core::module_path!(),
                file: ::core::file!(),
                line: ::core::line!(),
                package: ::core::option_env!("CARGO_PKG_NAME"),
                version: ::core::option_env!("CARGO_PKG_VERSION"),
            },
            ::wirespan::__private::Options {
                name: ::core::option::Option::Some(#name),
                kind: #kind,
                receiver: false,
                redacted: &[],
                max_value: #max_value,
                max_span: #max_span,
                cancel: ::wirespan::__private::Cancel::Unset,
            },
        );
    }
}

fn kind(kind: Kind) -> TokenStream {
    match kind {
        Kind::Internal => quote!(::wirespan::__private::Kind::Internal),
        Kind::Server => quote!(::wirespan::__private::Kind::Server),
        Kind::Client => quote!(::wirespan::__private::Kind::Client),
        Kind::Producer => quote!(::wirespan::__private::Kind::Producer),
        Kind::Consumer => quote!(::wirespan::__private::Kind::Consumer),
    }
}

fn cancel(cancel: Cancel) -> TokenStream {
    match cancel {
        Cancel::Unset => quote!(::wirespan::__private::Cancel::Unset),
        Cancel::Error => quote!(::wirespan::__private::Cancel::Error),
    }
}
