//! Facts about the annotated item: a function's signature, its parameters, and its body as opaque tokens.
//!
//! The body is never parsed, so an unfinished one stays completable in an editor, and nothing is decided by looking at it.
//! Rules about what can be traced are in `check`; this only says what is there.

mod block;
mod item;
mod params;
mod returns;
mod types;

use proc_macro2::Group;
use syn::{Attribute, Signature, Visibility};

pub(crate) use block::{Block, Member};
pub(crate) use item::{Item, Other, is_traced};
pub(crate) use params::{Binding, Param, Shape};
pub(crate) use returns::{Held, Returned, also};
pub(crate) use types::{erase_impl, erase_lifetimes, known_concrete, mentions};

/// A function that can be looked at: everything but the meaning of its body.
pub(crate) struct Func {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) sig: Signature,
    /// `#![…]` at the start of the body.
    pub(crate) inner_attrs: Vec<Attribute>,
    /// The body in its braces, without those; a trait's method may have none.
    pub(crate) body: Option<Group>,
    /// Parameters without the receiver, in order.
    pub(crate) params: Vec<Param>,
    /// Whether the attribute stands on the block around it.
    pub(crate) in_block: bool,
    /// Attributes of that block, which stand below.
    pub(crate) block_attrs: Vec<Attribute>,
}

impl Func {
    /// Whether there is a `self`.
    pub(crate) fn has_receiver(&self) -> bool {
        self.sig.receiver().is_some()
    }

    /// Whether `self` is more than a plain reference: then it is moved into the traced block as a whole.
    pub(crate) fn owns_receiver(&self) -> bool {
        self.sig
            .receiver()
            .is_some_and(|receiver| receiver.reference.is_none() || receiver.colon_token.is_some())
    }

    /// All names that parameters bind, `self` not among them.
    pub(crate) fn bindings(&self) -> impl Iterator<Item = &Binding> {
        self.params.iter().flat_map(|param| param.bindings.iter())
    }
}
