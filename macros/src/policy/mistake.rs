//! A mistake in `wirespan.toml`, as a compile error at the macro that read it first: what is wrong and where, what to type.

use proc_macro2::{Span, TokenStream};

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    /// The file, as seen from the crate, and the line.
    pub(super) at: String,
    pub(super) wrong: String,
    pub(super) help: String,
}

impl Mistake {
    pub(super) fn to_tokens(&self) -> TokenStream {
        let Self { at, wrong, help } = self;
        syn::Error::new(Span::call_site(), format!("{wrong} ({at})\nhelp: {help}")).into_compile_error()
    }
}
