//! A filter by module and level: what it leaves out is the body alone, and what that calls moves up in the tree.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::unused_async,
    reason = "a test fails by panicking, and its functions are there to be traced"
)]

use std::cell::Cell;
use std::fmt;

use wirespan::opentelemetry::trace::TraceContextExt as _;
use wirespan::opentelemetry::{Context, SpanId};
use wirespan::traced;
use wirespan_tests::{Installed, install, install_with};

thread_local! {
    static FORMATTED: Cell<u32> = const { Cell::new(0) };
}

/// Counts how often it is captured.
struct Counted;

impl fmt::Debug for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        FORMATTED.set(FORMATTED.get() + 1);
        f.write_str("Counted")
    }
}

mod store {
    use super::Counted;

    #[wirespan::traced(level = "debug")]
    pub(super) fn query(value: &Counted) -> Result<u8, String> {
        let _ = value;
        inner::read();
        Err("no rows".to_owned())
    }

    pub(super) mod inner {
        #[wirespan::traced(level = "trace")]
        pub(in super::super) fn read() {
            super::super::leaf();
        }
    }
}

#[traced(level = "error")]
fn leaf() {}

#[traced]
fn top() {
    let _ = store::query(&Counted);
}

#[traced(level = "debug")]
async fn waits() -> SpanId {
    tokio::task::yield_now().await;
    leaf();
    Context::current().span().span_context().span_id()
}

#[traced(level = "warn")]
async fn outer() -> SpanId {
    waits().await
}

fn with(filter: &str, attach: bool) -> Installed {
    install_with(|builder| builder.filter(filter).opentelemetry_context(attach))
}

/// The names from the root down, of spans that each have one child.
fn path(installed: &Installed) -> Vec<String> {
    let spans = installed.spans();
    let mut path = Vec::new();
    let mut parent = SpanId::INVALID;
    while let Some(span) = spans.iter().find(|span| span.parent_span_id == parent) {
        path.push(span.name.to_string());
        parent = span.span_context.span_id();
    }
    assert_eq!(path.len(), spans.len(), "{spans:#?}");
    path
}

/// `module` of this file.
fn in_module(directive: &str) -> String {
    format!("{}::{directive}", module_path!())
}

#[test]
fn a_level_lets_itself_and_those_before_it_pass() {
    for attach in [true, false] {
        let cases: [(&str, &[&str]); 6] = [
            ("off", &[]),
            ("error", &["leaf"]),
            ("warn", &["leaf"]),
            ("info", &["top", "leaf"]),
            ("debug", &["top", "query", "leaf"]),
            ("trace", &["top", "query", "read", "leaf"]),
        ];
        for (filter, expected) in cases {
            let installed = with(filter, attach);
            top();
            assert_eq!(path(&installed), expected, "{filter}, attach {attach}");
        }
    }
}

#[test]
fn the_most_specific_module_decides() {
    let installed =
        with(&format!("info,{},{}", in_module("store=debug"), in_module("store::inner=off")), true);
    top();
    assert_eq!(path(&installed), ["top", "query", "leaf"]);
    drop(installed);
    let installed = with(&format!("off,{}", in_module("store::inner")), true);
    top();
    assert_eq!(path(&installed), ["read"]);
    drop(installed);
    let installed = with(&in_module("store=off"), true);
    top();
    assert_eq!(path(&installed), ["top", "leaf"], "what no directive names is recorded");
}

#[test]
fn a_function_that_is_filtered_out_captures_nothing() {
    let installed = with("info", true);
    FORMATTED.set(0);
    top();
    assert_eq!(FORMATTED.get(), 0);
    assert_eq!(installed.span("top").status, wirespan::opentelemetry::trace::Status::Ok);
    drop(installed);
    let _installed = with("debug", true);
    top();
    assert_eq!(FORMATTED.get(), 1);
}

#[tokio::test]
async fn an_async_function_that_is_filtered_out_leaves_the_context_as_it_is() {
    let installed = with("info", true);
    let current = outer().await;
    assert_eq!(path(&installed), ["outer", "leaf"]);
    assert_eq!(installed.span("outer").span_context.span_id(), current);
    drop(installed);
    let installed = with("debug", false);
    outer().await;
    assert_eq!(path(&installed), ["outer", "waits", "leaf"]);
}

#[test]
fn spans_by_hand_have_the_level_info() {
    for (filter, expected) in [("warn", &["leaf"][..]), ("info", &["by hand", "rooted", "leaf"])] {
        let installed = with(filter, true);
        wirespan::span!("by hand").in_scope(|| {
            let parent = wirespan::current();
            wirespan::span!(parent: parent, "rooted").in_scope(leaf);
        });
        assert_eq!(path(&installed), expected, "{filter}");
    }
}

#[test]
fn a_span_by_hand_may_say_its_level() {
    for (filter, expected) in
        [("info", &["warned", "leaf"][..]), ("debug", &["quiet", "warned", "leaf"]), ("error", &["leaf"])]
    {
        let installed = with(filter, true);
        wirespan::span!(level: "debug", "quiet").in_scope(|| {
            let parent = wirespan::current();
            wirespan::span!(parent: parent, level: "warn", "warned", rows = 3).in_scope(leaf);
        });
        assert_eq!(path(&installed), expected, "{filter}");
    }
    let level = |name: &str| wirespan::callsites().find(|site| site.name() == name).unwrap().level();
    assert_eq!((level("quiet"), level("warned")), (wirespan::Level::Debug, wirespan::Level::Warn));
}

#[test]
fn each_installed_filter_decides_anew() {
    for _ in 0..2 {
        let installed = with("warn", true);
        top();
        top();
        assert_eq!(installed.spans().len(), 2, "the two leaves");
        drop(installed);
        let installed = install();
        top();
        assert_eq!(installed.spans().len(), 4, "without a filter everything is recorded");
    }
}

#[test]
fn what_is_filtered_out_is_not_counted_as_started() {
    let installed = with("off", true);
    top();
    assert_eq!(installed.stats().started, 0);
}

#[test]
fn a_filter_that_cannot_be_read_is_an_error_that_names_the_directive() {
    let error = wirespan::builder().no_exporter().filter("info,store=loud").install().unwrap_err();
    assert!(error.is_configuration());
    assert_eq!(
        error.to_string(),
        "`filter` cannot use `store=loud`: `loud` is not a level; expected off, error, warn, info, debug or trace"
    );
}
