//! Functions of every signature: each keeps its type, and each call is a span with the right name, parameters and ending.

#![expect(unsafe_code, reason = "unsafe functions are traced, too")]
#![expect(clippy::too_many_arguments, clippy::indexing_slicing, clippy::panic, reason = "what is traced")]

use std::fmt::Debug;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;

use wirespan::opentelemetry::Value;
use wirespan::opentelemetry::trace::Status;
use wirespan::traced;
use wirespan_tests::look::{block_on, error_text, keys, poll_once, value};
use wirespan_tests::{Installed, install, text};

/// The attributes `parameter.<name>` as text, in order.
fn parameters(telemetry: &Installed, name: &str) -> Vec<(String, String)> {
    let span = telemetry.span(name);
    let of = |key: &str| text(&span, &format!("parameter.{key}")).unwrap_or_default();
    keys(&span, "parameter.").into_iter().map(|key| (key.to_owned(), of(key))).collect()
}

fn assert_parameters(telemetry: &Installed, name: &str, expected: &[(&str, &str)]) {
    let expected: Vec<_> = expected.iter().map(|&(key, value)| (key.to_owned(), value.to_owned())).collect();
    assert_eq!(parameters(telemetry, name), expected, "{name}");
    assert_eq!(telemetry.span(name).status, Status::Ok, "{name}");
}

trait Rows {
    type Row: Debug + Clone;

    async fn first(&self, from: usize) -> Option<Self::Row>;

    #[traced]
    fn describe(&self, prefix: &str) -> String {
        format!("{prefix}rows")
    }

    #[traced]
    async fn second(&self, from: usize) -> Option<Self::Row> {
        tokio::task::yield_now().await;
        self.first(from + 1).await
    }

    #[traced]
    fn later(&self, from: usize) -> impl Future<Output = Option<Self::Row>> {
        self.first(from + 2)
    }

    #[traced]
    fn sized(number: u8) -> u8
    where
        Self: Sized,
    {
        number
    }
}

struct Table<T, const N: usize>([T; N]);

impl<T: Debug + Clone, const N: usize> Rows for Table<T, N> {
    type Row = T;

    #[traced]
    async fn first(&self, from: usize) -> Option<<Self as Rows>::Row> {
        self.0.get(from).cloned()
    }
}

#[test]
fn methods_of_traits_are_traced_with_and_without_a_default_body() {
    let telemetry = install();
    let table = Table([10_u64, 20, 30]);
    assert_eq!(table.describe("all "), "all rows");
    assert_eq!(Table::<u64, 3>::sized(4), 4);
    assert_eq!(block_on(table.second(0)), Some(20));
    assert_parameters(&telemetry, "Table<u64, 3>::describe", &[("prefix", "all ")]);
    assert_parameters(&telemetry, "Table<u64, 3>::second", &[("from", "0")]);
    assert_parameters(&telemetry, "Table<u64, 3>::first", &[("from", "1")]);
    let (second, first) = (telemetry.span("Table<u64, 3>::second"), telemetry.span("Table<u64, 3>::first"));
    assert_eq!(first.parent_span_id, second.span_context.span_id());
    assert_parameters(&telemetry, "Table<u64, 3>::sized", &[("number", "4")]);
}

#[test]
fn a_default_body_that_returns_a_future_is_covered() {
    let telemetry = install();
    assert_eq!(block_on(Table(["a", "b", "c"]).later(0)), Some("c"));
    let (later, first) = (telemetry.span("Table<&str, 3>::later"), telemetry.span("Table<&str, 3>::first"));
    assert_eq!(first.parent_span_id, later.span_context.span_id());
    assert!(later.end_time >= first.end_time);
}

#[traced]
fn of_consts<T, const N: usize, const WIDE: bool>(values: [T; N], index: usize) -> Option<T>
where
    T: Copy + PartialOrd,
    [T; N]: Debug,
{
    values.get(if WIDE { index } else { 0 }).copied()
}

#[traced]
fn elided(text: &str, words: &mut Vec<String>) -> Option<usize> {
    words.push(text.to_owned());
    text.find(' ')
}

#[traced]
fn longer<'a, 'b: 'a>(one: &'a str, other: &'b str) -> &'a str {
    if other.len() > one.len() { other } else { one }
}

#[traced]
fn higher_ranked(text: &str, choose: impl for<'x> Fn(&'x str) -> &'x str) -> usize {
    choose(text).len()
}

#[traced]
async fn borrows<'a>(words: &'a [&str], at: &usize) -> Option<&'a str> {
    tokio::task::yield_now().await;
    words.get(*at).copied()
}

#[test]
fn generic_functions_keep_what_they_are_generic_over() {
    let telemetry = install();
    assert_eq!(of_consts::<_, 2, true>([1.5, 2.5], 1), Some(2.5));
    assert_eq!(elided("a b", &mut Vec::new()), Some(1));
    assert_eq!(longer("ab", "abc"), "abc");
    assert_eq!(higher_ranked("word", |text| &text[1..]), 3);
    let words = vec!["one", "two"];
    let word = {
        let at = 1;
        block_on(borrows(&words, &at))
    };
    assert_eq!(word, Some("two"));
    assert_eq!(value(&telemetry.span("of_consts"), "parameter.index"), Some(Value::I64(1)));
    assert_parameters(&telemetry, "longer", &[("one", "ab"), ("other", "abc")]);
    assert_eq!(text(&telemetry.span("higher_ranked"), "parameter.text").as_deref(), Some("word"));
    assert_eq!(value(&telemetry.span("borrows"), "parameter.at"), Some(Value::I64(1)));
    assert_eq!(text(&telemetry.span("elided"), "parameter.text").as_deref(), Some("a b"));
}

#[traced(skip(pointer))]
unsafe fn read(pointer: *const u64, offset: usize) -> u64 {
    // SAFETY: the caller's.
    unsafe { pointer.add(offset).read() }
}

#[traced(skip(pointer))]
async unsafe fn read_later(pointer: *const u64, offset: usize) -> u64 {
    tokio::task::yield_now().await;
    // SAFETY: the caller's.
    unsafe { pointer.add(offset).read() }
}

#[test]
fn unsafe_functions_stay_unsafe_and_are_traced() {
    let telemetry = install();
    let values = [7_u64, 8];
    let as_pointer: unsafe fn(*const u64, usize) -> u64 = read;
    // SAFETY: both elements exist.
    assert_eq!(unsafe { (as_pointer(values.as_ptr(), 0), block_on(read_later(values.as_ptr(), 1))) }, (7, 8));
    assert_eq!(value(&telemetry.span("read"), "parameter.offset"), Some(Value::I64(0)));
    assert_eq!(value(&telemetry.span("read_later"), "parameter.offset"), Some(Value::I64(1)));
}

#[traced]
fn gives_up(reason: &str) -> ! {
    panic!("gave up: {reason}")
}

#[traced]
async fn gives_up_later(reason: &str) -> ! {
    tokio::task::yield_now().await;
    panic!("gave up: {reason}")
}

#[traced]
async fn serves(port: u16) -> ! {
    loop {
        std::future::pending::<u16>().await;
        let _ = port;
    }
}

#[test]
fn functions_that_never_return_end_with_their_panic_or_their_cancellation() {
    let telemetry = install();
    let _: Box<dyn std::any::Any + Send> =
        catch_unwind(AssertUnwindSafe(|| -> () { gives_up("tired") })).unwrap_err();
    catch_unwind(AssertUnwindSafe(|| block_on(async { gives_up_later("late").await }))).unwrap_err();
    assert!(poll_once(pin!(async { serves(80).await })).is_pending());
    assert_eq!(error_text(&telemetry.span("gives_up")), Some("panicked: gave up: tired"));
    assert_eq!(error_text(&telemetry.span("gives_up_later")), Some("panicked: gave up: late"));
    let serves = telemetry.span("serves");
    assert_eq!(value(&serves, "cancelled"), Some(Value::Bool(true)));
    assert_eq!(value(&serves, "parameter.port"), Some(Value::I64(80)));
}

/// Shown by no trait: as a parameter it is recorded by its type.
struct Counter {
    counts: Vec<u64>,
}

impl Counter {
    #[traced]
    fn at(&mut self, index: usize) -> &mut u64 {
        &mut self.counts[index]
    }

    #[traced]
    async fn at_later(&mut self, index: usize) -> &mut u64 {
        tokio::task::yield_now().await;
        &mut self.counts[index]
    }

    #[traced]
    fn with(self: Box<Self>, other: Self) -> Self {
        Self { counts: self.counts.into_iter().chain(other.counts).collect() }
    }

    #[traced]
    async fn merge(mut self, others: Vec<Self>) -> Result<Self, Vec<Self>> {
        self.counts.extend(others.iter().flat_map(|Self { counts }| counts));
        Ok(self)
    }
}

#[test]
fn a_mutable_borrow_is_given_back_and_self_stands_in_types() {
    let telemetry = install();
    let mut counter = Counter { counts: vec![1, 2] };
    *counter.at(0) += 10;
    *block_on(counter.at_later(1)) += 10;
    let both = Box::new(counter).with(Counter { counts: vec![3] });
    let Ok(merged) = block_on(both.merge(vec![Counter { counts: vec![4] }])) else { panic!("merges") };
    assert_eq!(merged.counts, [11, 12, 3, 4]);
    assert_parameters(&telemetry, "Counter::at", &[("index", "0")]);
    assert_parameters(&telemetry, "Counter::at_later", &[("index", "1")]);
    assert_eq!(keys(&telemetry.span("Counter::with"), "parameter."), ["other"]);
    assert_eq!(keys(&telemetry.span("Counter::merge"), "parameter."), ["others"]);
}

#[traced]
fn r#match(r#type: u8, r#in: &str) -> usize {
    usize::from(r#type) + r#in.len()
}

#[test]
fn raw_identifiers_are_recorded_without_their_mark() {
    let telemetry = install();
    assert_eq!(r#match(1, "ab"), 3);
    assert_parameters(&telemetry, "match", &[("type", "1"), ("in", "ab")]);
}

macro_rules! with_many_parameters {
    ($($name:ident)*) => {
        #[traced]
        fn many($($name: u64),*) -> u64 { 0 $(+ $name)* }
        #[traced]
        async fn many_later($($name: u64),*) -> u64 { tokio::task::yield_now().await; 0 $(+ $name)* }
        const MANY: &[&str] = &[$(stringify!($name)),*];
        fn call_many() -> u64 { many($(stringify!($name).len() as u64),*) }
        async fn call_many_later() -> u64 { many_later($(stringify!($name).len() as u64),*).await }
    };
}

with_many_parameters! {
    a00 a01 a02 a03 a04 a05 a06 a07 a08 a09 a10 a11 a12 a13 a14 a15 a16 a17 a18 a19
    a20 a21 a22 a23 a24 a25 a26 a27 a28 a29 a30 a31 a32 a33 a34 a35 a36 a37 a38 a39
}

#[test]
fn forty_parameters_are_all_recorded() {
    let telemetry = install();
    assert_eq!(call_many(), 120);
    assert_eq!(block_on(call_many_later()), 120);
    assert_eq!(MANY.len(), 40);
    for name in ["many", "many_later"] {
        assert_eq!(keys(&telemetry.span(name), "parameter."), MANY, "{name}");
    }
}
