//! A program lists its traced functions without having run them: those of its libraries, generic ones, nested ones, with
//! everything that a review wants to know. Telemetry is not switched on in this file.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::trivially_copy_pass_by_ref,
    clippy::unused_self,
    clippy::unused_async,
    dead_code,
    reason = "a test fails by panicking; most of what is listed is never called"
)]

use wirespan::opentelemetry::trace::SpanKind;
use wirespan::{Callsite, Level, Shown, callsites, traced};
// So that it is linked.
use wirespan_tests as _;

/// The one call site of that function in that module.
fn site(module: &str, function: &str) -> &'static Callsite {
    let found: Vec<_> =
        callsites().filter(|site| site.module() == module && site.function() == function).collect();
    assert_eq!(found.len(), 1, "{module}::{function}: {found:#?}");
    found.into_iter().next().unwrap()
}

fn here(function: &str) -> &'static Callsite {
    site(module_path!(), function)
}

fn shown(site: &Callsite) -> Vec<(&'static str, Shown)> {
    site.parameters().map(|parameter| (parameter.name, parameter.shown)).collect()
}

const ABOVE_DESCRIBED: u32 = line!();
#[traced(
    name = "load everything",
    kind = "client",
    level = "warn",
    skip = "rows",
    record(messages),
    fields(rows.count = rows.len(), "any\0key" = 1),
    max_value = "1KiB",
    max_span = "8KiB"
)]
fn described(
    id: u64,
    rows: Vec<String>,
    messages: &str,
    api_key: &str,
    _unused: bool,
    (a, b): (u8, u8),
) -> u64 {
    drop((rows, messages, api_key, a, b));
    id
}

#[test]
fn everything_about_a_call_site_is_known() {
    let site = here("described");
    assert_eq!((site.name(), site.function()), ("load everything", "described"));
    assert_eq!((site.kind(), site.level()), (SpanKind::Client, Level::Warn));
    assert!(site.file().ends_with("callsites_list.rs"), "{}", site.file());
    assert_eq!(site.line(), ABOVE_DESCRIBED + 11, "the line of its name");
    assert_eq!(site.package(), Some("wirespan-tests"));
    assert_eq!((site.max_value(), site.max_span()), (1024, 8192));
    assert_eq!(
        shown(site),
        [
            ("id", Shown::Value),
            ("rows", Shown::Skipped),
            ("messages", Shown::Value),
            ("api_key", Shown::Redacted),
            ("_unused", Shown::Nothing),
            ("a", Shown::Value),
            ("b", Shown::Value),
            ("rows.count", Shown::Field),
            ("any\u{fffd}key", Shown::Field),
        ]
    );
}

#[traced(skip_all, record(id), budget = "2KiB", ret)]
async fn little(id: u64, rest: &str) -> u64 {
    id + rest.len() as u64
}

#[traced]
fn r#match() {}

#[test]
fn defaults_and_what_is_left_out_are_told() {
    let site = here("little");
    assert_eq!((site.name(), site.kind(), site.level()), ("little", SpanKind::Internal, Level::Info));
    assert_eq!(shown(site), [("id", Shown::Value), ("rest", Shown::Nothing), ("return", Shown::Field)]);
    assert_eq!((site.max_value(), site.max_span()), (2048, 2048));
    assert_eq!(shown(here("match")), []);
}

#[traced]
fn outer<T: std::fmt::Debug>(value: T) -> String {
    #[traced]
    fn inside(deep: u8) -> u8 {
        deep
    }
    let closure = || {
        #[traced]
        fn in_a_closure() {}
        in_a_closure();
    };
    closure();
    format!("{value:?}{}", inside(1))
}

struct Store<const N: usize>;

#[traced(level = "debug")]
impl<const N: usize> Store<N> {
    fn get(&self) -> usize {
        N
    }

    #[traced(level = "error")]
    async fn put<T: Send>(&self, value: T) -> T {
        value
    }

    #[traced(off)]
    fn untraced(&self) {}
}

trait Works {
    #[traced]
    fn by_default(&self) {}
}

macro_rules! traced_by_macro {
    ($name:ident) => {
        #[traced]
        fn $name() {}
    };
}
traced_by_macro!(from_a_macro);

mod module {
    #[wirespan::traced]
    pub(super) fn in_a_module() {}
}

#[test]
fn functions_are_listed_wherever_they_stand() {
    for function in ["outer", "inside", "in_a_closure", "get", "put", "by_default", "from_a_macro"] {
        assert!(here(function).line() > ABOVE_DESCRIBED, "{function}");
    }
    assert_eq!((here("get").level(), here("put").level()), (Level::Debug, Level::Error));
    assert_eq!(callsites().filter(|site| site.function() == "untraced").count(), 0);
    site(&format!("{}::module", module_path!()), "in_a_module");
}

fn by_hand() {
    let _span = wirespan::span!(kind: "producer", "by hand", rows = 1);
}

#[test]
fn spans_by_hand_are_listed() {
    let found: Vec<_> = callsites().filter(|site| site.name() == "by hand").collect();
    let [site] = found.as_slice() else { panic!("{found:#?}") };
    assert_eq!((site.function(), site.module()), ("", module_path!()));
    assert_eq!((site.kind(), site.level()), (SpanKind::Producer, Level::Info));
    assert_eq!(shown(site), [("rows", Shown::Field)]);
}

#[test]
fn instances_of_a_generic_function_are_one_call_site() {
    assert_eq!(outer(1_u8), "11");
    assert_eq!(outer("a"), "\"a\"1");
    here("outer");
}

#[test]
fn functions_of_a_library_that_nothing_else_refers_to_are_listed() {
    let listed = site("wirespan_tests::listed", "of_a_library");
    assert_eq!(listed.level(), Level::Trace);
    assert_eq!(shown(listed), [("host", Shown::Value), ("password", Shown::Redacted)]);
    site("wirespan_tests::listed", "generic_of_a_library");
}

#[test]
fn the_list_is_complete_sorted_and_counted() {
    assert!(callsites().is_complete(), "the platforms of our tests have it");
    let places: Vec<_> = callsites().map(|site| (site.module(), site.file(), site.line())).collect();
    assert!(places.is_sorted(), "{places:#?}");
    assert_eq!(places.len(), callsites().len());
}

/// The files that ask the linker for a list, each with what it does where there is none.
const LISTS: [&str; 2] = ["../runtime/src/callsite/registry.rs", "../runtime/src/metrics/typed/registry.rs"];

#[test]
fn the_platforms_of_all_lists_are_those_of_the_documentation() {
    let read = |file: &str| {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        std::fs::read_to_string(path).expect("the file is read")
    };
    let documented = read("../runtime/src/callsite/list.rs");
    let documented = documented.split("The linker makes the list on ").nth(1).expect("it says where");
    let documented = documented.split(". ").next().unwrap_or_default().replace("\n///", "").to_lowercase();
    let documented: Vec<_> =
        documented.split([',', ' ']).filter(|word| !["", "and"].contains(word)).collect();
    for file in LISTS {
        let text = read(file);
        let conditions: Vec<_> = text.split("#[cfg").filter(|part| part.contains("target_os")).collect();
        assert_eq!(conditions.len(), 2, "{file}: with a list, and without one");
        for condition in conditions {
            let platforms: Vec<_> =
                condition.split("target_os = \"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
            assert_eq!(platforms, documented, "{file}");
        }
    }
}
