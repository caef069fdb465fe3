//! The three macros as tokens. Nothing here can fail.
//!
//! The values are evaluated only where something is recorded, and, as parameters are, while the thread records nothing else.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Expr;
use syn::spanned::Spanned as _;

use crate::args::by_hand::ByHandArgs;
use crate::args::{Kind, Level};
use crate::expand::callsite::{ByHand, by_hand};
use crate::expand::{at, framed, hidden, recording};
use crate::key;

/// A block that starts the span and yields its guard.
pub(super) fn span(args: &ByHandArgs) -> TokenStream {
    let (span, session, callsite) = (hidden("__span"), hidden("__session"), hidden("__CALLSITE"));
    let attributes = hidden("__attributes");
    let name = args.name.as_ref().map_or("", |name| &name.value);
    let the_static = by_hand(&ByHand {
        name,
        kind: args.kind.unwrap_or(Kind::Internal),
        level: args.level.unwrap_or(Level::Info),
        fields: &args.fields,
    });
    let subject = quote!(::wirespan::__private::name_of(&|| ()));
    let enter = if let Some(parent) = &args.parent {
        let parent = quote_spanned!(at(parent.span())=> ::wirespan::__private::parent_of(&(#parent)));
        quote!(enter_under(&#callsite, #subject, true, || #parent))
    } else if args.root {
        quote!(enter_under(&#callsite, #subject, true, ::wirespan::__private::no_parent))
    } else {
        quote!(enter_capturing(&#callsite, #subject))
    };
    let out = hidden("__out");
    let links = args.links.as_ref().map(|links| quote!(::wirespan::__private::links(#out, || #links);));
    let fields = fields(args);
    quote! {{
        #the_static
        let (#span, #session) = ::wirespan::__private::SyncSpan::#enter;
        if let ::core::option::Option::Some(mut #attributes) = #session.attributes() {
            let #out = &mut #attributes;
            #links
            #fields
            #attributes.done();
        }
        ::wirespan::SpanGuard::new(#span)
    }}
}

/// A statement that records the event.
pub(super) fn event(args: &ByHandArgs) -> TokenStream {
    let name = args.name.as_ref().map_or("", |name| &name.value);
    let (out, fields) = (hidden("__out"), fields(args));
    if let Some(on) = args.on.as_ref().map(borrowed) {
        quote!(::wirespan::__private::event_on(#on, #name, |#out| { #fields }))
    } else {
        quote!(::wirespan::__private::event(#name, |#out| { #fields }))
    }
}

/// A statement that records attributes.
pub(super) fn record(args: &ByHandArgs) -> TokenStream {
    let (out, fields) = (hidden("__out"), fields(args));
    if let Some(on) = args.on.as_ref().map(borrowed) {
        quote!(::wirespan::__private::record_on(#on, |#out| { #fields }))
    } else {
        quote!(::wirespan::__private::record(|#out| { #fields }))
    }
}

/// A reference to the handle, where it stands: what is no handle is reported there.
fn borrowed(on: &Expr) -> TokenStream {
    quote_spanned!(at(on.span())=> &(#on))
}

fn fields(args: &ByHandArgs) -> TokenStream {
    let (out, name, record) = (hidden("__out"), hidden("__key"), recording(false, Span::mixed_site()));
    let fields = args.fields.iter().map(|field| {
        let (key, expr) = (framed(&key::encode(&field.key.value)), &field.expr);
        quote! {
            #out.field(#key, |#out, #name| ::wirespan::__private::Value { of: &(#expr) }.#record(#out, #name));
        }
    });
    quote!(let _ = &#out; #(#fields)*)
}
