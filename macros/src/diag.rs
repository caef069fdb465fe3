//! Compile errors: built here, collected here, and emitted all at once.
//!
//! A [`Diag`] is one mistake: what is wrong, and what to type instead. The two stand on two lines of one message, which
//! rustc prints aligned. [`Diags`] keeps them in source order whatever the order in which the phases found them.
//! The wording itself stands beside each rule, never here.

use proc_macro2::{Span, TokenStream};

/// Positions at or above this belong to the annotated item, which stands after its attribute.
const ITEM: usize = 1 << 20;

/// A token that can be pointed at, with its place in the source relative to the others.
#[derive(Clone, Copy)]
pub(crate) struct Spot {
    pub(crate) span: Span,
    at: usize,
}

impl Spot {
    /// A token of the annotated item; `at` orders it among the item's tokens.
    pub(crate) fn item(span: Span, at: usize) -> Self {
        Self { span, at: ITEM.saturating_add(at) }
    }
}

/// Hands out [`Spot`]s for the tokens of the attribute, in the order in which they are read.
#[derive(Default)]
pub(crate) struct Spots {
    next: usize,
}

impl Spots {
    /// The spot of the token that was just read.
    pub(crate) fn spot(&mut self, span: Span) -> Spot {
        let at = self.next;
        self.next = self.next.saturating_add(1);
        Spot { span, at }
    }
}

/// One mistake: its place, what is wrong, and what to type instead.
pub(crate) struct Diag {
    spot: Spot,
    message: String,
}

impl Diag {
    /// `wrong` is lower case without a full stop; `help` says what to type.
    pub(crate) fn new(spot: Spot, wrong: impl AsRef<str>, help: impl AsRef<str>) -> Self {
        Self { spot, message: format!("{}\nhelp: {}", wrong.as_ref(), help.as_ref()) }
    }
}

/// Every mistake found so far.
#[derive(Default)]
pub(crate) struct Diags {
    found: Vec<Diag>,
}

impl Diags {
    /// Adds one mistake.
    pub(crate) fn push(&mut self, diag: Diag) {
        self.found.push(diag);
    }

    /// Builds a mistake from its parts and adds it.
    pub(crate) fn report(&mut self, spot: Spot, wrong: impl AsRef<str>, help: impl AsRef<str>) {
        self.push(Diag::new(spot, wrong, help));
    }

    /// Whether there is nothing to complain about.
    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// How many there are; a reader compares this before and after to see whether it has reported something.
    pub(crate) fn count(&self) -> usize {
        self.found.len()
    }

    /// One `compile_error!` for each mistake, in source order.
    pub(crate) fn into_tokens(mut self) -> TokenStream {
        self.found.sort_by_key(|diag| diag.spot.at);
        self.found
            .into_iter()
            .map(|diag| syn::Error::new(diag.spot.span, diag.message).into_compile_error())
            .collect()
    }
}

/// The one of two places that stands later in the source: where two sides of a conflict are told.
pub(crate) fn later(one: Spot, other: Spot) -> Spot {
    if one.at > other.at { one } else { other }
}
