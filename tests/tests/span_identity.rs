//! What a span says of its function besides its name: the place in the source, the package, a given name, the kind.

use wirespan::opentelemetry::Value;
use wirespan::opentelemetry::trace::SpanKind;
use wirespan::testing::Recording;
use wirespan::traced;

const LOCATED: u32 = line!() + 5;

/// Its line is that of its name, not of what stands above.
#[traced]
#[inline]
fn located() {}

#[test]
fn the_place_in_the_source_is_that_of_the_functions_name() {
    let recording = Recording::start();
    located();
    let span = recording.span("located");
    span.assert_attribute("code.file.path", file!()).assert_attribute("code.line.number", i64::from(LOCATED));
    assert_eq!(span.instrumentation_scope.name(), env!("CARGO_PKG_NAME"));
    assert_eq!(span.instrumentation_scope.version(), Some(env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_given_name_replaces_the_spans_name_only() {
    #[traced(name = "load user", kind = "client")]
    fn named(first: u64) -> u64 {
        first
    }
    let recording = Recording::start();
    named(7);
    let span = recording.span("load user");
    let function = span.attribute("code.function.name").map(Value::as_str);
    assert!(function.is_some_and(|name| name.ends_with("::named")), "{span:#?}");
    recording.spans().tree().assert_is("load user ok kind=client parameter.first=7");
}

#[test]
fn a_kind_is_recorded_as_it_is_written() {
    macro_rules! kinds {
        ($($name:ident $option:literal $kind:ident)+) => {{
            $(#[traced(kind = $option)] fn $name() {})+
            $($name();)+
            [$((stringify!($name), SpanKind::$kind)),+]
        }};
    }
    #[traced]
    fn plain() {}
    let recording = Recording::start();
    plain();
    let kinds = kinds! {
        internal "internal" Internal
        server "server" Server
        client "client" Client
        producer "producer" Producer
        consumer "consumer" Consumer
    };
    for (name, kind) in kinds {
        assert_eq!(recording.span(name).span_kind, kind);
    }
    assert_eq!(recording.span("plain").span_kind, SpanKind::Internal);
}
