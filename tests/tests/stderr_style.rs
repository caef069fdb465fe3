//! Every compile error of ours keeps the rules of style, and what its `help:` line says compiles.
//!
//! The messages are read from `ui/*.stderr`, which `ui.rs` compares with the compiler's; a new case is looked at without being
//! named here. An error is ours where `help:` follows its first line; those of rustc and clippy, which some cases are
//! about, have theirs elsewhere.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "in the part that is a module, too")]

#[path = "stderr_style/message.rs"]
mod message;
#[path = "stderr_style/suggestion.rs"]
mod suggestion;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use message::cases;

#[test]
fn the_first_line_says_what_is_wrong_in_the_house_style() {
    let mut wrong = String::new();
    let mut looked_at = 0;
    for case in cases() {
        for message in case.ours() {
            looked_at += 1;
            for rule in message.broken_rules() {
                let _ = writeln!(wrong, "{}: {rule}: {}", case.name, message.first);
            }
        }
    }
    assert!(looked_at >= 60, "{looked_at} messages");
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn every_misuse_is_answered_with_help() {
    // Type errors are rustc's, and our words stand in a note of theirs.
    let without: Vec<_> = cases()
        .filter(|case| !case.said.contains("help: ") && !PLAIN.contains(&case.name.as_str()))
        .map(|case| case.name)
        .collect();
    assert!(without.is_empty(), "no `help:`: {without:?}");
}

/// An error that rustc describes alone: `#[capture(len)]` calls `len` of whatever the field leads to, and no trait stands for that.
const PLAIN: &[&str] = &["capture_len_without_length"];

#[test]
fn the_span_is_never_the_whole_attribute() {
    let whole: Vec<_> = cases()
        .flat_map(|case| {
            case.ours()
                .filter(|message| message.marks_whole_attribute())
                .map(|_| case.name.clone())
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(whole.is_empty(), "{whole:?}");
}

#[test]
fn what_a_help_line_says_compiles() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("suggestions");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let trials = trybuild::TestCases::new();
    let mut applied = 0;
    for case in cases() {
        if let Some(source) = suggestion::apply(&case) {
            let path = folder.join(format!("{}.rs", case.name));
            fs::write(&path, source).unwrap();
            trials.pass(&path);
            applied += 1;
        }
    }
    assert!(applied >= 20, "{applied} suggestions could be applied");
}
