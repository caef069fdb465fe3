//! A root that has ended, as a sampler sees it: name, kind, and every attribute that the span would have.

use opentelemetry::{Context, TraceId};
use opentelemetry_sdk::trace::{SamplingDecision, ShouldSample};

use crate::capture::by_type::caught;
use crate::clock::Anchor;
use crate::pipeline::batch::Batch;
use crate::pipeline::complete::Completer;
use crate::recorder::record::Record;

/// Completes one span at a time, beside the batches that are exported.
#[derive(Default)]
pub(super) struct Look {
    completer: Completer,
    batch: Batch,
}

impl Look {
    /// What `sampler` says about a root. One that panics keeps it: nothing spoke against it.
    pub(super) fn ask(
        &mut self,
        sampler: &dyn ShouldSample,
        anchor: &Anchor,
        record: &Record,
        body: &[u8],
    ) -> bool {
        self.batch.clear();
        self.completer.complete(record, body, &mut self.batch, anchor);
        let spans = self.batch.decode();
        let Some(span) = spans.first() else { return true };
        let trace_id = TraceId::from_bytes(record.trace_id);
        // What the sampler calls may be traced: it must not make spans of its own without end.
        let _quiet = Context::enter_telemetry_suppressed_scope();
        caught(|| {
            let answer =
                sampler.should_sample(None, trace_id, &span.name, &span.span_kind, &span.attributes, &[]);
            answer.decision == SamplingDecision::RecordAndSample
        })
        .unwrap_or(true)
    }
}
