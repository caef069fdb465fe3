//! `span!`, `event!` and `record!`: checked here, expanded here. The runtime's side is `by_hand` there.

mod expand;

use proc_macro2::TokenStream;
use quote::quote;

use crate::args::by_hand::{ByHandArgs, Macro, parse};
use crate::check::reject_secret_field;
use crate::diag::Diags;

/// The expression that the macro stands for; or all errors, and an expression that does nothing.
pub(crate) fn expand(of: Macro, tokens: TokenStream) -> TokenStream {
    let mut diags = Diags::default();
    let args = parse(of, tokens, &mut diags);
    for field in &args.fields {
        reject_secret_field(field, false, &mut diags);
    }
    if !diags.is_empty() {
        let errors = diags.into_tokens();
        return match of {
            // The guard's methods resolve, so that one mistake is one error.
            Macro::Span => {
                let nothing = expand::span(&ByHandArgs::default());
                quote!({ #errors #nothing })
            }
            Macro::Event | Macro::Record => quote!({ #errors }),
        };
    }
    match of {
        Macro::Span => expand::span(&args),
        Macro::Event => expand::event(&args),
        Macro::Record => expand::record(&args),
    }
}
