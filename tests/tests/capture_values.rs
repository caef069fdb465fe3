//! Values keep their OpenTelemetry type, are chosen by their own type at compile time, and are borrowed, never consumed.

#![allow(clippy::many_single_char_names, reason = "one parameter for each type of number")]
#![expect(
    unused_variables,
    clippy::too_many_arguments,
    clippy::option_option,
    reason = "the parameters are there to be recorded"
)]
#![expect(
    clippy::needless_borrows_for_generic_args,
    clippy::unnecessary_wraps,
    reason = "values behind references, compared with what an attribute may be"
)]

use std::collections::{BTreeSet, HashSet, VecDeque};
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use wirespan::opentelemetry::{Array, StringValue, Value};
use wirespan::testing::Recording;
use wirespan::{Capture, traced};
use wirespan_tests::look::{block_on, keys, value};
use wirespan_tests::text;

/// A value as a parameter shows it.
fn shown<T: Capture>(parameter: T) -> Option<Value> {
    #[traced]
    fn show<T: Capture>(value: T) {}
    let recording = Recording::start();
    show(parameter);
    value(&recording.span("show"), "parameter.value")
}

fn string(text: &str) -> Option<Value> {
    Some(Value::String(text.to_owned().into()))
}

fn strings(texts: &[&str]) -> Option<Value> {
    Some(Value::Array(Array::String(
        texts.iter().map(|text| StringValue::from((*text).to_owned())).collect(),
    )))
}

#[test]
fn every_integer_is_an_integer() {
    #[traced]
    fn integers(
        a: i8,
        b: i16,
        c: i32,
        d: i64,
        e: isize,
        f: u8,
        g: u16,
        h: u32,
        i: u64,
        j: usize,
        k: i128,
        l: u128,
    ) {
    }
    let recording = Recording::start();
    integers(i8::MIN, i16::MIN, i32::MIN, i64::MIN, isize::MIN, u8::MAX, u16::MAX, u32::MAX, 9, 10, -11, 12);
    let span = recording.span("integers");
    let expected = [
        i64::from(i8::MIN),
        i64::from(i16::MIN),
        i64::from(i32::MIN),
        i64::MIN,
        isize::MIN as i64,
        i64::from(u8::MAX),
        i64::from(u16::MAX),
        i64::from(u32::MAX),
        9,
        10,
        -11,
        12,
    ];
    for (key, expected) in "abcdefghijkl".chars().zip(expected) {
        assert_eq!(value(&span, &format!("parameter.{key}")), Some(Value::I64(expected)), "{key}");
    }
    assert_eq!(keys(&span, "parameter.").len(), 12);
}

#[test]
fn an_integer_that_does_not_fit_is_a_string() {
    assert_eq!(shown(u64::MAX), string("18446744073709551615"));
    assert_eq!(shown(i64::MAX as u64), Some(Value::I64(i64::MAX)));
    assert_eq!(shown(i64::MAX as u64 + 1), string("9223372036854775808"));
    assert_eq!(shown(usize::MAX), string("18446744073709551615"));
    assert_eq!(shown(i128::MIN), string(&i128::MIN.to_string()));
    assert_eq!(shown(u128::MAX), string(&u128::MAX.to_string()));
    assert_eq!(shown(i128::from(i64::MIN)), Some(Value::I64(i64::MIN)));
}

#[test]
fn floats_bools_and_texts_keep_their_type() {
    assert_eq!(shown(1.5_f32), Some(Value::F64(1.5)));
    assert_eq!(shown(f64::MIN_POSITIVE), Some(Value::F64(f64::MIN_POSITIVE)));
    assert_eq!(shown(f64::NEG_INFINITY), Some(Value::F64(f64::NEG_INFINITY)));
    assert!(matches!(shown(f64::NAN), Some(Value::F64(value)) if value.is_nan()));
    assert_eq!(shown(true), Some(Value::Bool(true)));
    assert_eq!(shown(false), Some(Value::Bool(false)));
    assert_eq!(shown("text"), string("text"));
    assert_eq!(shown(""), string(""));
    assert_eq!(shown(String::from("zwölf \0 \u{1F980}")), string("zwölf \0 \u{1F980}"));
    assert_eq!(shown(std::borrow::Cow::Borrowed("cow")), string("cow"));
    assert_eq!(shown('\u{1F980}'), string("\u{1F980}"));
}

#[test]
fn what_points_to_a_value_shows_the_value() {
    assert_eq!(shown(&&7_u8), Some(Value::I64(7)));
    assert_eq!(shown(&mut 7_u8), Some(Value::I64(7)));
    assert_eq!(shown(Box::new(7_u8)), Some(Value::I64(7)));
    assert_eq!(shown(Rc::new("rc")), string("rc"));
    assert_eq!(shown(Arc::<str>::from("arc")), string("arc"));
    assert_eq!(shown(Some(7_u8)), Some(Value::I64(7)));
    assert_eq!(shown(Some(Some("both"))), string("both"));
}

#[test]
fn none_is_left_out() {
    #[traced]
    fn options(a: Option<u64>, b: Option<&str>, c: Option<Vec<u64>>, d: Option<Option<u64>>) {}
    let recording = Recording::start();
    options(None, Some("b"), None, Some(None));
    assert_eq!(keys(&recording.span("options"), "parameter."), ["b"]);
}

#[test]
fn arrays_keep_the_type_of_their_elements() {
    let integers = Some(Value::Array(Array::I64(vec![1, 2, 3])));
    assert_eq!(shown(vec![1_u64, 2, 3]), integers);
    assert_eq!(shown([1_i8, 2, 3]), integers);
    assert_eq!(shown(&[1_u16, 2, 3][..]), integers);
    assert_eq!(shown(VecDeque::from([1_u32, 2, 3])), integers);
    assert_eq!(shown(BTreeSet::from([3_i64, 2, 1])), integers);
    assert_eq!(shown(HashSet::from([7_u8])), Some(Value::Array(Array::I64(vec![7]))));
    assert_eq!(shown(vec![1.5, 2.5]), Some(Value::Array(Array::F64(vec![1.5, 2.5]))));
    assert_eq!(shown([true, false]), Some(Value::Array(Array::Bool(vec![true, false]))));
    assert_eq!(shown(["a", "b"]), strings(&["a", "b"]));
    assert_eq!(shown(vec![String::new()]), strings(&[""]));
    assert!(matches!(shown(Vec::<u64>::new()), Some(Value::Array(array)) if array.to_string() == "[]"));
}

#[test]
fn an_array_of_mixed_elements_is_an_array_of_strings() {
    assert_eq!(shown(vec![Some(1_u64), None, Some(3)]), strings(&["1", "null", "3"]));
    assert_eq!(shown(vec![1, u64::MAX]), strings(&["1", "18446744073709551615"]));
    assert_eq!(shown(vec![vec![1_u64, 2], vec![]]), strings(&["[1, 2]", "[]"]));
    assert_eq!(shown(vec![vec![Some("a"), None]]), strings(&["[\"a\", null]"]));
}

struct OnlyDisplay;

impl fmt::Display for OnlyDisplay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("displayed")
    }
}

#[derive(Debug)]
struct OnlyDebug(#[expect(dead_code, reason = "printed")] u8);

/// Shows itself in every way, each time differently.
#[derive(Debug)]
struct Every;

impl fmt::Display for Every {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("displayed")
    }
}

impl Capture for Every {
    fn capture(&self, out: &mut wirespan::ValueWriter<'_>) {
        out.str("captured");
    }
}

struct Neither<T>(T);

#[test]
fn the_way_a_value_is_shown_is_chosen_by_its_type() {
    #[traced]
    fn ways(
        every: Every,
        display: OnlyDisplay,
        debug: OnlyDebug,
        neither: Neither<Vec<OnlyDebug>>,
        debugs: &[OnlyDebug],
    ) {
    }
    let recording = Recording::start();
    ways(Every, OnlyDisplay, OnlyDebug(7), Neither(vec![]), &[OnlyDebug(1), OnlyDebug(2)]);
    let span = recording.span("ways");
    span.assert_attribute("parameter.every", "captured");
    span.assert_attribute("parameter.display", "displayed");
    span.assert_attribute("parameter.debug", "OnlyDebug(7)");
    span.assert_attribute("parameter.neither", "<Neither<Vec<OnlyDebug>>>");
    span.assert_attribute("parameter.debugs", "[OnlyDebug(1), OnlyDebug(2)]");
}

#[test]
fn a_generic_parameter_is_shown_as_its_bounds_allow() {
    #[traced]
    fn unconstrained<T>(value: T, reference: &T) {}
    #[traced]
    fn displays<T: fmt::Display>(value: T) {}
    #[traced]
    fn debugs<T: fmt::Debug + ?Sized>(value: &T) {}
    #[traced]
    fn dynamic(value: &dyn fmt::Debug, boxed: Box<dyn fmt::Display>, call: impl Fn() -> u8) {}
    let recording = Recording::start();
    unconstrained(7_u64, &7);
    displays(7_u64);
    debugs("quoted");
    dynamic(&"quoted", Box::new(7), || 7);
    let span = recording.span("unconstrained");
    span.assert_attribute("parameter.value", "<u64>");
    span.assert_attribute("parameter.reference", "<u64>");
    assert_eq!(value(&recording.span("displays"), "parameter.value"), string("7"));
    assert_eq!(text(&recording.span("debugs"), "parameter.value").as_deref(), Some("\"quoted\""));
    let span = recording.span("dynamic");
    span.assert_attribute("parameter.value", "\"quoted\"");
    span.assert_attribute("parameter.boxed", "7");
    assert!(text(&span, "parameter.call").is_some_and(|shown| shown.contains("closure")), "{span:#?}");
}

#[test]
fn an_iterator_reaches_the_callee_whole_under_every_rule() {
    macro_rules! rules {
        ($($(#[$options:meta])? $name:ident($items:ident: $type:ty))+) => {
            [$({
                $(#[$options])? fn $name(mut $items: $type) -> Vec<u64> { $items.by_ref().collect() }
                $name as Rule
            }),+]
        };
    }
    type Items = std::vec::IntoIter<u64>;
    type Rule = fn(Items) -> Vec<u64>;
    let rules: [Rule; 6] = rules! {
        #[traced] plain(items: Items)
        #[traced] default_list(messages: Items)
        #[traced(skip(items))] skipped(items: Items)
        #[traced(record(messages))] recorded(messages: Items)
        #[traced(skip_all, record(items))] alone(items: Items)
        #[traced(skip_all, fields(seen = items.len()))] field(items: Items)
    };
    let recording = Recording::start();
    for rule in rules {
        assert_eq!(rule((0..10).collect::<Vec<u64>>().into_iter()), (0..10).collect::<Vec<_>>());
    }
    for name in ["plain", "default_list", "skipped", "recorded", "alone"] {
        assert_eq!(keys(&recording.span(name), "parameter.").len(), 1, "{name}");
    }
    assert_eq!(value(&recording.span("field"), "seen"), Some(Value::I64(10)));
}

#[test]
fn any_kind_of_iterator_reaches_the_callee_whole() {
    #[traced]
    fn opaque(items: impl Iterator<Item = u64>) -> usize {
        items.count()
    }
    #[traced]
    fn borrowed(messages: &mut dyn Iterator<Item = u64>) -> usize {
        messages.count()
    }
    #[traced]
    async fn asynchronous<I: Iterator<Item = u64>>(chunks: I) -> usize {
        chunks.count()
    }
    let recording = Recording::start();
    assert_eq!(opaque((0..20).filter(|number| number % 2 == 0)), 10);
    assert_eq!(borrowed(&mut (0..10)), 10);
    assert_eq!(block_on(asynchronous(std::iter::repeat_n(1, 10))), 10);
    assert_eq!(recording.spans().len(), 3);
}
