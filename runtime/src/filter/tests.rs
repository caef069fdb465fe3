//! Filters as text: what they let pass, and what is wrong with them.

use super::{Filter, Level};

fn filter(text: &str) -> Filter {
    Filter::parse(text).unwrap_or_else(|mistake| panic!("{}", mistake.problem()))
}

fn wants(text: &str, module: &str, level: Level) -> bool {
    filter(text).wants(module, level)
}

fn problem(text: &str) -> String {
    Filter::parse(text).map_or_else(|mistake| mistake.problem(), |filter| format!("{filter:?}"))
}

#[test]
fn the_most_specific_module_decides_in_whatever_order_they_are_written() {
    for text in ["warn,a=debug,a::b=off,a::b::c=trace", "a::b::c=trace, a::b = OFF ,a=debug,Warn"] {
        assert!(wants(text, "other", Level::Warn) && !wants(text, "other", Level::Info), "{text}");
        assert!(wants(text, "a", Level::Debug) && !wants(text, "a", Level::Trace), "{text}");
        assert!(!wants(text, "a::b", Level::Error) && !wants(text, "a::b::d", Level::Error), "{text}");
        assert!(wants(text, "a::b::c::d", Level::Trace), "{text}");
    }
}

#[test]
fn a_prefix_ends_where_a_name_ends() {
    assert!(!wants("noisy=off", "noisy::inner", Level::Error));
    assert!(wants("noisy=off", "noisy_too", Level::Trace));
    assert!(wants("off,db", "db", Level::Trace) && !wants("off,db", "dbx", Level::Error));
}

#[test]
fn what_no_directive_names_is_recorded() {
    assert!(wants("a=error", "b", Level::Trace));
}

#[test]
fn a_mistake_names_its_directive() {
    assert_eq!(
        problem("info,a=loud"),
        "cannot use `a=loud`: `loud` is not a level; expected off, error, warn, info, debug or trace"
    );
    assert_eq!(
        problem("my-crate::db=info"),
        "cannot use `my-crate::db=info`: `my-crate::db` is not a module's path; expected `my_crate::db`"
    );
    assert_eq!(
        problem("a=info,a=debug"),
        "cannot use `a=debug`: `a=info` says the level of `a` already; expected one of the two"
    );
    assert_eq!(
        problem("info,debug"),
        "cannot use `debug`: `info` says the level of all modules already; expected one of the two"
    );
    for text in ["info,", ",", "", "a,,b"] {
        assert!(problem(text).contains("there is no directive between two commas"), "{text}");
    }
    for text in ["a::=info", "=info", "a b=info", "1a", "a=info=debug", "a:b=info", "a=", "a[b]=info"] {
        assert!(problem(text).starts_with(&format!("cannot use `{text}`")), "{text}: {}", problem(text));
    }
}

#[test]
fn directives_that_match_nothing_are_told() {
    let filter = filter("info,a::b=debug,c=off,a::bc");
    let unmatched: Vec<&str> = filter.unmatched(&["a::b::d", "x"]).collect();
    assert_eq!(unmatched, ["a::bc", "c=off"]);
}
