//! What a span says of its function besides its name: the place in the source, the package, a given name, the kind.

use wirespan::opentelemetry::Value;
use wirespan::opentelemetry::trace::SpanKind;
use wirespan::traced;
use wirespan_tests::look::value;
use wirespan_tests::{install, text};

const LOCATED: u32 = line!() + 5;

/// Its line is that of its name, not of what stands above.
#[traced]
#[inline]
fn located() {}

#[test]
fn the_place_in_the_source_is_that_of_the_functions_name() {
    let telemetry = install();
    located();
    let span = telemetry.span("located");
    assert_eq!(text(&span, "code.file.path").as_deref(), Some(file!()));
    assert_eq!(value(&span, "code.line.number"), Some(Value::I64(i64::from(LOCATED))));
    assert_eq!(span.instrumentation_scope.name(), env!("CARGO_PKG_NAME"));
    assert_eq!(span.instrumentation_scope.version(), Some(env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_given_name_replaces_the_spans_name_only() {
    #[traced(name = "load user", kind = "client")]
    fn named(first: u64) -> u64 {
        first
    }
    let telemetry = install();
    named(7);
    let span = telemetry.span("load user");
    assert!(text(&span, "code.function.name").is_some_and(|name| name.ends_with("::named")), "{span:#?}");
    assert_eq!(span.span_kind, SpanKind::Client);
    assert_eq!(value(&span, "parameter.first"), Some(Value::I64(7)));
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
    let telemetry = install();
    plain();
    let kinds = kinds! {
        internal "internal" Internal
        server "server" Server
        client "client" Client
        producer "producer" Producer
        consumer "consumer" Consumer
    };
    for (name, kind) in kinds {
        assert_eq!(telemetry.span(name).span_kind, kind);
    }
    assert_eq!(telemetry.span("plain").span_kind, SpanKind::Internal);
}
