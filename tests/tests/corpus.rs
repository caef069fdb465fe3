//! Annotated functions compile wherever bare ones do, and no lint says more or less of them.
//!
//! `corpus/` has the functions, each file once: `corpus/crates.rs` makes crates of them, for both editions, with our
//! attribute and with one of the same name that does nothing. A new shape of function joins `clean.rs`; one that some lint
//! looks at, `messy.rs`; a name that a caller may give to something of its own, `shadowed.rs`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "in the part that is a module, too")]
#[path = "corpus/crates.rs"]
mod crates;

use std::collections::BTreeSet;

use crates::{Attribute, Corpus, EDITIONS, Lint};

/// Lints that look at a function's body as a whole, and do not find it in a closure or an `async` block. They say less of an
/// annotated function, never more: of a recursion that never ends nothing, and nothing of the last expression of an async body
/// that returned before it.
const LOST: &[&str] = &["unconditional_recursion", "unreachable_code"];

#[test]
fn the_corpus_compiles_in_both_editions_without_a_warning() {
    let corpus = Corpus::write("check");
    for edition in EDITIONS {
        for file in ["clean", "shadowed"] {
            for attribute in [Attribute::None, Attribute::Ours] {
                let said = corpus.check(attribute, edition, file);
                assert!(said.is_ok(), "{file}, edition {edition}:\n{}", said.unwrap_err());
            }
        }
    }
}

#[test]
fn lints_fire_on_annotated_functions_as_on_bare_ones() {
    let corpus = Corpus::write("lints");
    for edition in EDITIONS {
        for file in ["clean", "messy", "shadowed"] {
            let ours = corpus.lints(Attribute::Ours, edition, file);
            let bare = corpus.lints(Attribute::None, edition, file);
            let added: Vec<_> = ours.difference(&bare).collect();
            assert!(added.is_empty(), "{file}, edition {edition}, added:\n{added:#?}");
            let lost: Vec<_> = bare
                .difference(&ours)
                .filter(|lint| lint.is_of_rustc() && !LOST.contains(&lint.code.as_str()))
                .collect();
            assert!(lost.is_empty(), "{file}, edition {edition}, lost:\n{lost:#?}");
            if file == "messy" {
                assert_fire(&ours);
            }
        }
    }
}

#[test]
fn what_the_last_expression_holds_drops_when_the_caller_s_edition_says() {
    let corpus = Corpus::write("drops");
    let orders = EDITIONS.map(|edition| {
        let bare = corpus.run(Attribute::None, edition);
        assert_eq!(corpus.run(Attribute::Ours, edition), bare, "edition {edition}");
        bare
    });
    // Otherwise one edition would do for both.
    assert_ne!(orders[0], orders[1]);
}

/// The lints that the corpus is about have fired, so that two empty sets are not taken for agreement.
fn assert_fire(lints: &BTreeSet<Lint>) {
    let fired: BTreeSet<&str> = lints.iter().map(|lint| lint.code.as_str()).collect();
    for code in [
        "unused_variables",
        "unused_mut",
        "dead_code",
        "unused_must_use",
        "unreachable_code",
        "unused_parens",
        "unused_assignments",
        "non_snake_case",
        "deprecated",
        "clippy::bool_comparison",
        "clippy::let_and_return",
        "clippy::min_ident_chars",
    ] {
        assert!(fired.contains(code), "`{code}` did not fire; these did: {fired:?}");
    }
}
