//! `#[fastrace::trace]` with both parameters as properties, reported by `fastrace-opentelemetry` through `opentelemetry-otlp`.

use std::borrow::Cow;
use std::hint::black_box;

use fastrace::Span;
use fastrace::collector::{Config, SpanContext};
use fastrace_opentelemetry::OpenTelemetryReporter;
use opentelemetry::InstrumentationScope;
use opentelemetry_sdk::Resource;
use tokio::runtime::Runtime;

use super::{Running, otel};
use crate::Result;
use crate::export::case::Protocol;
use crate::export::load::{CALLS, TAG};

/// See the module's documentation.
pub(super) struct Fastrace {
    _runtime: Runtime,
}

impl Fastrace {
    pub(super) fn new(protocol: Protocol) -> Result<Self> {
        let runtime = Runtime::new()?;
        let exporter = otel::exporter(protocol, &runtime)?;
        let scope = InstrumentationScope::builder("wirespan-benches").build();
        let reporter = OpenTelemetryReporter::new(exporter, Cow::Owned(Resource::builder().build()), scope);
        fastrace::set_reporter(reporter, Config::default());
        Ok(Self { _runtime: runtime })
    }
}

impl Running for Fastrace {
    fn trace(&self) -> fn(u64) {
        |id| root(id, black_box(TAG))
    }

    fn finish(self: Box<Self>) -> Result<()> {
        fastrace::flush();
        Ok(())
    }
}

#[inline(never)]
fn root(id: u64, tag: &str) {
    let root = Span::root("root", SpanContext::random())
        .with_properties(|| [("parameter.id", id.to_string()), ("parameter.tag", tag.to_owned())]);
    let _parent = root.set_local_parent();
    for n in 0..CALLS {
        black_box(call(black_box(id ^ u64::from(n)), tag));
    }
}

#[inline(never)]
#[fastrace::trace(properties = { "parameter.id": "{id}", "parameter.tag": "{tag}" })]
fn call(id: u64, tag: &str) -> u64 {
    black_box(id ^ u64::try_from(tag.len()).unwrap_or(u64::MAX))
}
