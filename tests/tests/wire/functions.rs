//! Arbitrary parameters of traced functions, as they come out at the other end of the pipeline.

use proptest::collection::vec;
use proptest::prelude::*;
use wirespan::opentelemetry::{Array, Value};
use wirespan::opentelemetry_sdk::trace::SpanData;
use wirespan::{Capture, traced};
use wirespan_tests::install;

#[derive(Debug, Clone, Capture)]
struct Inner {
    number: i64,
    text: String,
    list: Vec<u32>,
}

#[derive(Debug, Clone, Capture)]
struct Outer {
    flag: bool,
    inner: Inner,
    maybe: Option<String>,
    #[capture(len)]
    many: Vec<u8>,
}

#[traced]
fn takes(
    signed: i64,
    unsigned: u64,
    float: f64,
    text: &str,
    letter: char,
    numbers: &[i64],
    texts: &[String],
    flags: Vec<bool>,
    maybe: Option<u16>,
    outer: &Outer,
) {
    let _ = (signed, unsigned, float, text, letter, numbers, texts, flags, maybe, outer);
}

prop_compose! {
    fn outer()(
        flag in any::<bool>(),
        number in any::<i64>(),
        text in ".{0,300}",
        list in vec(any::<u32>(), 0..40),
        maybe in proptest::option::of(".{0,20}"),
        many in vec(any::<u8>(), 0..300),
    ) -> Outer {
        Outer { flag, inner: Inner { number, text, list }, maybe, many }
    }
}

fn get(span: &SpanData, key: &str) -> Option<Value> {
    wirespan::export::attribute(span, &format!("parameter.{key}")).cloned()
}

/// An empty list has no type of its own.
fn array<T>(values: &[T], make: impl FnOnce(Vec<T>) -> Array) -> Option<Value>
where
    T: Clone,
{
    Some(Value::Array(if values.is_empty() { Array::String(Vec::new()) } else { make(values.to_vec()) }))
}

fn text(text: &str) -> Option<Value> {
    Some(Value::String(text.to_owned().into()))
}

#[test]
fn arbitrary_parameters_come_out_as_they_went_in() {
    let installed = install();
    let runner = |(signed, unsigned, float, line, letter, numbers, texts, flags, maybe, outer): (
        i64,
        u64,
        f64,
        String,
        char,
        Vec<i64>,
        Vec<String>,
        Vec<bool>,
        Option<u16>,
        Outer,
    )| {
        takes(signed, unsigned, float, &line, letter, &numbers, &texts, flags.clone(), maybe, &outer);
        let span = installed.take().pop().expect("one span");
        prop_assert_eq!(get(&span, "signed"), Some(Value::I64(signed)));
        let expected = i64::try_from(unsigned)
            .map_or_else(|_| text(&unsigned.to_string()), |small| Some(Value::I64(small)));
        prop_assert_eq!(get(&span, "unsigned"), expected);
        let Some(Value::F64(seen)) = get(&span, "float") else {
            return Err(TestCaseError::fail(format!("{span:?}")));
        };
        prop_assert_eq!(seen.to_bits(), float.to_bits());
        prop_assert_eq!(get(&span, "text"), text(&line));
        prop_assert_eq!(get(&span, "letter"), text(&letter.to_string()));
        prop_assert_eq!(get(&span, "numbers"), array(&numbers, Array::I64));
        let strings = |texts: Vec<String>| Array::String(texts.into_iter().map(Into::into).collect());
        prop_assert_eq!(get(&span, "texts"), array(&texts, strings));
        prop_assert_eq!(get(&span, "flags"), array(&flags, Array::Bool));
        prop_assert_eq!(get(&span, "maybe"), maybe.map(|number| Value::I64(number.into())));
        prop_assert_eq!(get(&span, "outer"), None, "it consists of its fields");
        prop_assert_eq!(get(&span, "outer.flag"), Some(Value::Bool(outer.flag)));
        prop_assert_eq!(get(&span, "outer.inner.number"), Some(Value::I64(outer.inner.number)));
        prop_assert_eq!(get(&span, "outer.inner.text"), text(&outer.inner.text));
        let list: Vec<i64> = outer.inner.list.iter().map(|number| i64::from(*number)).collect();
        prop_assert_eq!(get(&span, "outer.inner.list"), array(&list, Array::I64));
        prop_assert_eq!(get(&span, "outer.maybe"), outer.maybe.as_deref().and_then(text));
        prop_assert_eq!(get(&span, "outer.many"), i64::try_from(outer.many.len()).ok().map(Value::I64));
        Ok(())
    };
    let parameters = (
        any::<i64>(),
        any::<u64>(),
        any::<f64>(),
        ".{0,300}",
        any::<char>(),
        vec(any::<i64>(), 0..40),
        vec(".{0,20}", 0..20),
        vec(any::<bool>(), 0..40),
        any::<Option<u16>>(),
        outer(),
    );
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    proptest::test_runner::TestRunner::new(config).run(&parameters, runner).expect("every case holds");
}
