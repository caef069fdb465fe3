//! Header lines as a carrier, and a service that takes them, traces what it does and sends them on.
//!
//! A name may come in any case and more than once, as over HTTP. OpenTelemetry's `HashMap` carrier has each name once.

use wirespan::opentelemetry::Context;
use wirespan::opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use wirespan::traced;

/// The headers of one message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Headers(Vec<(String, String)>);

impl Headers {
    /// These lines, in this order.
    pub fn new(lines: &[(&str, &str)]) -> Self {
        Self(lines.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    /// As [`new`](Self::new), for lines that are made at run time.
    pub fn of(lines: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        Self(lines.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// What `propagator` sends of `context`.
    pub fn injected(propagator: &dyn TextMapPropagator, context: &Context) -> Self {
        let mut headers = Self::default();
        propagator.inject_context(context, &mut headers);
        headers
    }

    /// The value of the only line of that name.
    ///
    /// # Panics
    ///
    /// When there is more than one.
    #[track_caller]
    pub fn only(&self, name: &str) -> Option<&str> {
        let values = self.get_all(name).unwrap_or_default();
        assert!(values.len() <= 1, "{name} comes {} times", values.len());
        values.first().copied()
    }

    /// The fields of `traceparent`: version, trace id, parent id, flags.
    ///
    /// # Panics
    ///
    /// When there is none, or it has not four fields.
    #[track_caller]
    pub fn traceparent(&self) -> [&str; 4] {
        let header = self.only("traceparent").expect("a traceparent");
        let fields: Vec<&str> = header.split('-').collect();
        fields.try_into().expect("four fields")
    }

    /// The trace id of `traceparent`.
    #[track_caller]
    pub fn trace_id(&self) -> &str {
        let [_, trace_id, _, _] = self.traceparent();
        trace_id
    }

    /// The members of `tracestate`, in their order.
    #[track_caller]
    pub fn tracestate(&self) -> Vec<(&str, &str)> {
        let header = self.only("tracestate").unwrap_or_default();
        header.split(',').filter_map(|member| member.split_once('=')).collect()
    }
}

impl Extractor for Headers {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| value.as_str())
    }

    fn keys(&self) -> Vec<&str> {
        self.0.iter().map(|(name, _)| name.as_str()).collect()
    }

    fn get_all(&self, key: &str) -> Option<Vec<&str>> {
        let lines = self.0.iter().filter(|(name, _)| name.eq_ignore_ascii_case(key));
        let values: Vec<&str> = lines.map(|(_, value)| value.as_str()).collect();
        (!values.is_empty()).then_some(values)
    }
}

impl Injector for Headers {
    fn set(&mut self, key: &str, value: String) {
        self.0.retain(|(name, _)| !name.eq_ignore_ascii_case(key));
        self.0.push((key.to_owned(), value));
    }
}

/// A service that is sent `inbound` and sends `calls` messages while it works: their headers. Needs telemetry installed.
pub fn serve(propagator: &dyn TextMapPropagator, inbound: &Headers, calls: usize) -> Vec<Headers> {
    #[traced(kind = "server", skip_all)]
    fn handle(propagator: &dyn TextMapPropagator, calls: usize) -> Vec<Headers> {
        (0..calls).map(|_| call(propagator)).collect()
    }
    #[traced(kind = "client", skip_all)]
    fn call(propagator: &dyn TextMapPropagator) -> Headers {
        Context::map_current(|context| Headers::injected(propagator, context))
    }
    let _attached = propagator.extract_with_context(&Context::new(), inbound).attach();
    handle(propagator, calls)
}
