//! Expansions as files, to be read in review: one `snapshots/<shape>.rs` for each shape of plan, its expansion beside it in
//! `snapshots/<shape>.expanded.rs`.
//!
//! A new file is a new snapshot, and is found by itself; `UPDATE=1 cargo test -p wirespan-macros snapshots` writes the
//! expansions anew. In a snapshot's source everything of ours is expanded: `#[traced]` and `#[derive(Capture)]` on items, and
//! `span!`, `event!` and `record!` where an item could stand. Nothing else may be in it.

use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::TokenStream;
use quote::{ToTokens as _, format_ident, quote};
use syn::{Attribute, Item, Meta};

use crate::args::by_hand::Macro;
use crate::metrics::Derive;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots")
}

/// All files of the folder that end so, without that ending.
fn shapes(ending: &str) -> Vec<String> {
    let files = fs::read_dir(folder()).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut shapes: Vec<_> = files.filter_map(|name| name.strip_suffix(ending).map(str::to_owned)).collect();
    shapes.sort();
    shapes
}

fn source(shape: &str) -> String {
    fs::read_to_string(folder().join(format!("{shape}.rs"))).unwrap()
}

fn sources() -> Vec<String> {
    let mut sources = shapes(".rs");
    sources.retain(|shape| !shape.ends_with(".expanded"));
    sources
}

/// What the sources are together.
fn all_sources() -> String {
    sources().iter().map(|shape| source(shape)).collect()
}

/// Takes the attribute of this name off the item.
fn take(attributes: &mut Vec<Attribute>, name: &str) -> Option<Attribute> {
    let at = attributes.iter().position(|attribute| attribute.path().is_ident(name))?;
    Some(attributes.remove(at))
}

fn traced(attribute: Attribute, item: &Item) -> TokenStream {
    let options = match attribute.meta {
        Meta::List(list) => list.tokens,
        Meta::Path(_) => TokenStream::new(),
        Meta::NameValue(_) => panic!("`#[traced = …]` is none of ours"),
    };
    crate::traced_tokens(options, item.to_token_stream())
}

/// The expansion of one item of a snapshot's source.
fn expanded(mut item: Item) -> TokenStream {
    let attributes = match &mut item {
        Item::Fn(item) => &mut item.attrs,
        Item::Impl(item) => &mut item.attrs,
        Item::Struct(item) => &mut item.attrs,
        Item::Enum(item) => &mut item.attrs,
        Item::Macro(item) => {
            let name = item.mac.path.require_ident().unwrap().to_string();
            let of = match name.as_str() {
                "span" => Macro::Span,
                "event" => Macro::Event,
                "record" => Macro::Record,
                other => panic!("`{other}!` is none of our macros"),
            };
            let expression = crate::by_hand::expand(of, item.mac.tokens.clone());
            let around = format_ident!("{name}");
            return quote!(fn #around() { #expression; });
        }
        other => panic!("nothing of ours is on this: {}", other.to_token_stream()),
    };
    if let Some(attribute) = take(attributes, "traced") {
        return traced(attribute, &item);
    }
    let derive = take(attributes, "derive").expect("nothing of ours is on this item");
    let item = item.into_token_stream();
    match derive.into_token_stream().to_string().replace(' ', "").as_str() {
        "#[derive(Capture)]" => crate::capture::derive(item),
        "#[derive(Metrics)]" => crate::metrics::derive(Derive::Metrics, item),
        "#[derive(MetricAttributes)]" => crate::metrics::derive(Derive::Attributes, item),
        "#[derive(MetricValue)]" => crate::metrics::derive(Derive::Value, item),
        other => panic!("`{other}` is none of ours"),
    }
}

fn snapshot(shape: &str) -> String {
    let source = syn::parse_file(&source(shape)).unwrap_or_else(|error| panic!("{shape}.rs: {error}"));
    let tokens: TokenStream = source.items.into_iter().map(expanded).collect();
    let text = tokens.to_string();
    assert!(!text.contains("compile_error"), "{shape}.rs has a mistake: {text}");
    let file =
        syn::parse2(tokens).unwrap_or_else(|error| panic!("{shape}.rs expands to no items: {error}\n{text}"));
    prettyplease::unparse(&file)
}

/// The first line in which the two differ.
fn difference(kept: &str, now: &str) -> String {
    let (mut kept, mut now) = (kept.lines(), now.lines());
    let mut number = 0;
    loop {
        number += 1;
        match (kept.next(), now.next()) {
            (None, None) => return "they differ in the ends of lines".to_owned(),
            (kept, now) if kept == now => {}
            (kept, now) => {
                let (kept, now) = (kept.unwrap_or("(the end)"), now.unwrap_or("(the end)"));
                return format!("line {number}\n    kept: {kept}\n    now:  {now}");
            }
        }
    }
}

#[test]
fn every_plan_expands_as_its_snapshot_says() {
    let update = std::env::var("UPDATE").is_ok_and(|value| value == "1");
    let mut changed = Vec::new();
    for shape in sources() {
        let (path, now) = (folder().join(format!("{shape}.expanded.rs")), snapshot(&shape));
        if update {
            fs::write(path, now).unwrap();
            continue;
        }
        let kept = fs::read_to_string(path).unwrap_or_default();
        if kept != now {
            changed.push(format!("{shape}: {}", difference(&kept, &now)));
        }
    }
    assert!(
        changed.is_empty(),
        "expansions changed; `UPDATE=1 cargo test -p wirespan-macros snapshots` writes them anew\n{}",
        changed.join("\n")
    );
}

#[test]
fn every_expansion_has_its_source() {
    let sources = sources();
    for shape in shapes(".expanded.rs") {
        assert!(sources.contains(&shape), "{shape}.rs is gone: remove {shape}.expanded.rs");
    }
}

#[test]
fn every_option_and_every_macro_is_in_a_snapshot() {
    let all = all_sources();
    let words: Vec<_> = all.split(|letter: char| !letter.is_alphanumeric() && letter != '_').collect();
    for name in crate::args::names().chain([
        "span",
        "event",
        "record",
        "Capture",
        "Metrics",
        "MetricAttributes",
        "MetricValue",
    ]) {
        assert!(words.contains(&name), "no snapshot has `{name}`: add one to macros/snapshots");
    }
}

/// How often the word stands in the text; `bare`: with no path before it.
fn count(text: &str, word: &str, bare: bool) -> usize {
    let part = |letter: char| letter.is_alphanumeric() || letter == '_';
    text.match_indices(word)
        .filter(|(at, _)| {
            let (before, after) = (text.get(..*at).unwrap(), text.get(at + word.len()..).unwrap());
            !(before.ends_with(part) || after.starts_with(part) || bare && before.ends_with("::"))
        })
        .count()
}

#[test]
fn expansions_hold_nothing_unsafe_of_ours_and_nothing_that_panics() {
    for shape in sources() {
        let (source, expansion) = (source(&shape), snapshot(&shape));
        for word in ["unsafe", "unwrap", "expect", "panic", "todo", "unreachable", "unimplemented"] {
            let (theirs, all) = (count(&source, word, false), count(&expansion, word, false));
            assert!(all <= theirs, "{shape}: `{word}` of ours: {expansion}");
        }
    }
}

#[test]
fn expansions_name_everything_by_absolute_paths() {
    // Nothing of the user's can stand in for what has a path, which begins at a crate: `::core`, `::wirespan`.
    for shape in sources() {
        let (source, expansion) = (source(&shape), snapshot(&shape));
        let names =
            ["Option", "Some", "None", "Result", "Ok", "Err", "String", "Vec", "Box", "Fn", "FnOnce", "drop"];
        for name in names.into_iter().chain(["wirespan", "core", "std", "alloc"]) {
            let (theirs, all) = (count(&source, name, true), count(&expansion, name, true));
            // Where the source has it, the user's types are written more than once.
            assert!(all == 0 || theirs > 0, "{shape}: `{name}` of ours has no path: {expansion}");
        }
    }
}
