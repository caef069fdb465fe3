//! The proof that a traced future is not larger than `max_future`.
//!
//! A future's type has no name, so it goes through a function that is generic over it. Its size is known when code is generated:
//! `cargo build` says that it is too large, `cargo check` does not.

use proc_macro2::{Literal, TokenStream};
use quote::{quote, quote_spanned};

use super::{at, hidden};
use crate::plan::Plan;

/// The function that a future goes through, or nothing without `max_future`.
pub(super) fn item(plan: &Plan) -> TokenStream {
    let Some(most) = &plan.max_future else { return TokenStream::new() };
    let (fits, future, ty) = (hidden("__fits"), hidden("__future"), hidden("__F"));
    let function = plan.func.sig.ident.to_string();
    let bytes = Literal::u32_unsuffixed(most.bytes);
    let span = at(most.span);
    let assertion = quote_spanned! {span=>
        const { ::wirespan::__private::assert_future(#function, #bytes, ::core::mem::size_of::<#ty>()) }
    };
    quote! {
        #[inline]
        fn #fits<#ty>(#future: #ty) -> #ty {
            #assertion;
            #future
        }
    }
}

/// `future`, after its size was looked at.
pub(super) fn limited(plan: &Plan, future: TokenStream) -> TokenStream {
    if plan.max_future.is_none() {
        return future;
    }
    let fits = hidden("__fits");
    quote!(#fits(#future))
}
