//! `#[derive(Capture)]`: how a type shows itself in telemetry.
//!
//! The same phases as `#[traced]`: `attrs` reads the field options, `shape` turns the type into [`shape::Shape`] or reports
//! every mistake, `expand` writes the impl and cannot fail. A type that cannot be read gets the errors and no impl.

mod attrs;
mod bounds;
mod expand;
mod shape;

use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::diag::Diags;

/// The impl, or the errors.
pub(crate) fn derive(input: TokenStream) -> TokenStream {
    let input = match syn::parse2::<DeriveInput>(input) {
        Ok(input) => input,
        // rustc has parsed the item before; only syntax that is newer than this crate gets here.
        Err(error) => return error.into_compile_error(),
    };
    let mut diags = Diags::default();
    let shape = shape::read(&input, &mut diags);
    match shape.filter(|_| diags.is_empty()) {
        Some(shape) => expand::expand(&input, &shape),
        None => diags.into_tokens(),
    }
}
