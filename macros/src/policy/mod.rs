//! The policy of a workspace: what `wirespan.toml` says, for every macro of a crate.
//!
//! The file is looked for from the crate's manifest upward; the nearest one counts. It is read once in a compiler process and,
//! for language servers, again when it has changed. Every macro calls [`begin`] first; from then on [`current`] is the policy.
//! The first expansion also includes the file's bytes in a constant that nothing uses, so that an edit rebuilds the crate.

mod file;
mod mistake;
mod read;

use std::cell::RefCell;
use std::rc::Rc;

use proc_macro2::TokenStream;
use quote::quote;

/// What is done with a value whose type has only `Debug`.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) enum DebugOnly {
    /// It is shown as that prints it.
    #[default]
    Show,
    /// Its type's name is shown.
    TypeName,
    /// It is a compile error.
    Error,
}

/// What the file says; without one, nothing.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(crate) struct Policy {
    pub(crate) skip: Names,
    pub(crate) redact: Names,
    /// Bytes.
    pub(crate) max_value: Option<u32>,
    /// Bytes.
    pub(crate) max_span: Option<u32>,
    pub(crate) debug_only: DebugOnly,
}

/// Changes to a list of names.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(crate) struct Names {
    pub(crate) add: Vec<String>,
    pub(crate) remove: Vec<String>,
}

impl Names {
    pub(crate) fn adds(&self, name: &str) -> bool {
        self.add.iter().any(|added| added == name)
    }

    pub(crate) fn removes(&self, name: &str) -> bool {
        self.remove.iter().any(|removed| removed == name)
    }
}

thread_local! {
    static CURRENT: RefCell<Rc<Policy>> = RefCell::default();
    static UNTRACKED: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// The policy of the expansion that goes on.
pub(crate) fn current() -> Rc<Policy> {
    CURRENT.with(|current| Rc::clone(&current.borrow()))
}

/// Begins an expansion: finds the policy. The mistakes in the file are returned where nobody has reported them yet.
pub(crate) fn begin() -> TokenStream {
    let Some(directory) = std::env::var_os("CARGO_MANIFEST_DIR") else {
        return TokenStream::new();
    };
    let found = file::find(directory.as_ref());
    CURRENT.with(|current| *current.borrow_mut() = Rc::new(found.policy));
    if found.untracked.is_some() {
        UNTRACKED.with(|untracked| *untracked.borrow_mut() = found.untracked);
    }
    found.mistakes.iter().map(mistake::Mistake::to_tokens).collect()
}

/// An item that makes the crate depend on the file; once in a process, nothing from then on.
pub(crate) fn tracking() -> TokenStream {
    let path = UNTRACKED.with(|untracked| untracked.borrow_mut().take());
    path.map_or_else(TokenStream::new, |path| {
        quote!(
            const _: &[::core::primitive::u8] = ::core::include_bytes!(#path);
        )
    })
}
