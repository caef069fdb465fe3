//! The macros' code as an ordinary library, by its files: a proc macro can be called by the compiler only. `headers` has the
//! propagators' code, `spool` the spool's, by their files too, so that nothing else of the runtime is built.
//!
//! Each target of a macro gives one macro any bytes; that it returns is all that is asked. The bytes are tokens by `macros/src/tokens.rs`,
//! or the text of tokens where they begin with a space, and a zero byte parts the options from the item.

#![forbid(unsafe_code)]
#![expect(dead_code, reason = "of the macros' code, the targets use a part")]

// All modules of the macros but those for tests, and the one that makes tokens: a test in `macros/src/any_tokens.rs` compares.

pub(crate) mod context;
pub mod headers;
pub mod spool;

#[path = "../../macros/src/args/mod.rs"]
mod args;
#[path = "../../macros/src/block.rs"]
mod block;
#[path = "../../macros/src/by_hand/mod.rs"]
mod by_hand;
#[path = "../../macros/src/capture/mod.rs"]
mod capture;
#[path = "../../macros/src/check/mod.rs"]
mod check;
#[path = "../../macros/src/diag.rs"]
mod diag;
#[path = "../../macros/src/expand/mod.rs"]
mod expand;
#[path = "../../macros/src/fallback.rs"]
mod fallback;
#[path = "../../macros/src/key.rs"]
mod key;
#[path = "../../macros/src/metrics/mod.rs"]
mod metrics;
#[path = "../../macros/src/plan.rs"]
mod plan;
#[path = "../../macros/src/policy/mod.rs"]
mod policy;
#[path = "../../macros/src/secret.rs"]
mod secret;
#[path = "../../macros/src/sig/mod.rs"]
mod sig;
#[path = "../../macros/src/suggest.rs"]
mod suggest;
#[path = "../../macros/src/tokens.rs"]
mod tokens;
#[path = "../../macros/src/traced.rs"]
mod traced;

use proc_macro2::TokenStream;

/// `#[traced]`, its options and its item parted by a zero byte.
pub fn traced(bytes: &[u8]) {
    let (options, item) = halves(bytes);
    drop(traced::traced_tokens(tokens(options), tokens(item)));
}

/// `#[derive(Capture)]`.
pub fn capture(bytes: &[u8]) {
    drop(capture::derive(tokens(bytes)));
}

/// `span!`, `event!` or `record!`, as the first byte says.
pub fn by_hand(bytes: &[u8]) {
    use args::by_hand::Macro;

    let Some((which, words)) = bytes.split_first() else { return };
    let of = match which % 3 {
        0 => Macro::Span,
        1 => Macro::Event,
        _ => Macro::Record,
    };
    drop(by_hand::expand(of, tokens(words)));
}

/// The spool's reader: the cursor, and segments, also ones that were written well and then changed.
pub fn spool(bytes: &[u8]) {
    spool::read(bytes);
}

fn halves(bytes: &[u8]) -> (&[u8], &[u8]) {
    let zero = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    let (options, item) = bytes.split_at(zero);
    (options, item.get(1..).unwrap_or_default())
}

/// At most 1,024 bytes of them: `syn` recurses, and how deep a stack is, is not the question here.
fn tokens(bytes: &[u8]) -> TokenStream {
    let bytes = bytes.get(..1024).unwrap_or(bytes);
    match bytes.split_first() {
        Some((b' ', text)) => std::str::from_utf8(text).unwrap_or_default().parse().unwrap_or_default(),
        _ => tokens::from_bytes(bytes),
    }
}

/// Without a fuzzer: gives the files named on the command line to `target`.
///
/// # Errors
///
/// Where a file cannot be read.
pub fn replay(target: fn(&[u8])) -> std::io::Result<()> {
    for path in std::env::args_os().skip(1) {
        target(&std::fs::read(&path)?);
        println!("{path:?}: nothing wrong");
    }
    Ok(())
}
