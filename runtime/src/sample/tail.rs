//! What the user says about tail sampling: which traces are kept once they are over. `pipeline/tail` does it.

use std::fmt;
use std::time::Duration;

use opentelemetry_sdk::trace::ShouldSample;

/// Bytes of spans that are held, unless set otherwise.
const MAX_BYTES: usize = 32 * 1024 * 1024;
/// How long a trace is held, unless set otherwise.
const MAX_AGE: Duration = Duration::from_secs(60);

/// Keeps traces by what became of them: their spans are held until the root has ended.
///
/// Held is a trace whose root ran in this process. It is kept when one of its spans failed (an `Err`, a panic, a status of
/// `ERROR`), when its root was cancelled, when it was slow, or when [`ratio`](Self::ratio) or [`otherwise`](Self::otherwise) say
/// so. What a sampled parent in another process stands above is never held: it is kept, as that process decided. So is a trace
/// whose root ran elsewhere, under another library, say.
///
/// ```
/// use std::time::Duration;
/// use wirespan::sampling::TailSampling;
///
/// # let _ =
/// wirespan::builder().tail_sampling(TailSampling::new().slower_than(Duration::from_secs(1)).ratio(0.05))
/// # ;
/// ```
///
/// The head's sampler comes first, and what it leaves out is not there to be held. What is not kept is counted as
/// [`sampled_out`](crate::Stats::sampled_out), which is no loss. Spans that end after their trace was decided do as it did. A
/// process that is killed loses what was held.
#[derive(Clone)]
#[must_use = "give it to `Builder::tail_sampling`"]
pub struct TailSampling {
    pub(crate) failed: Within,
    pub(crate) cancelled: Within,
    pub(crate) slower_than: Option<Duration>,
    pub(crate) otherwise: Otherwise,
    pub(crate) max_bytes: usize,
    pub(crate) max_age: Duration,
}

/// Where a trace is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Within {
    /// Nowhere.
    Nothing,
    /// At its root in this process.
    Root,
    /// At all of its spans.
    Trace,
}

/// Who decides about a trace that nothing speaks for.
#[derive(Debug, Clone)]
pub(crate) enum Otherwise {
    /// The trace's id, below this bound.
    Ratio(u64),
    Ask(Box<dyn ShouldSample>),
}

impl Default for TailSampling {
    fn default() -> Self {
        Self {
            failed: Within::Trace,
            cancelled: Within::Root,
            slower_than: None,
            otherwise: Otherwise::Ratio(0),
            max_bytes: MAX_BYTES,
            max_age: MAX_AGE,
        }
    }
}

impl TailSampling {
    /// Keeps traces in which a span failed, and those whose root was cancelled; nothing else.
    pub fn new() -> Self {
        Self::default()
    }

    /// Where a failure keeps the trace. Default: at any of its spans, also one whose failure was dealt with.
    pub fn failed(self, within: Within) -> Self {
        Self { failed: within, ..self }
    }

    /// Where a cancellation keeps the trace. Default: at its root only, since a future that loses a `select!` is cancelled, too.
    pub fn cancelled(self, within: Within) -> Self {
        Self { cancelled: within, ..self }
    }

    /// Keeps a trace in which a span took at least so long; while the root still runs, from that moment on. Default: none.
    pub fn slower_than(self, duration: Duration) -> Self {
        Self { slower_than: Some(duration), ..self }
    }

    /// Keeps this part of the other traces, from 0.0 to 1.0, by their ids: the draw is that of `Sampler::TraceIdRatioBased`, so all
    /// processes of a trace draw the same, and a ratio at the head is part of this one. Default: 0.0.
    pub fn ratio(self, ratio: f64) -> Self {
        // As the SDK's sampler does: 63 bits of the id, compared with that part of their range.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a cast of a float stops at the bounds, and the last bits do not matter"
        )]
        let bound = if ratio >= 1.0 { u64::MAX } else { (ratio.max(0.0) * (1_u64 << 63) as f64) as u64 };
        Self { otherwise: Otherwise::Ratio(bound), ..self }
    }

    /// Asks `sampler` about the other traces, in place of a ratio. It sees name, kind and all attributes of the root, which has
    /// ended: so [`Rules`](crate::sampling::Rules) can go by parameters and fields. A panic in it keeps the trace.
    ///
    /// ```
    /// use wirespan::opentelemetry_sdk::trace::Sampler;
    /// use wirespan::sampling::{Rules, TailSampling, When};
    ///
    /// let rules = Rules::new()
    ///     .drop(When::attribute("http.route", "/internal/*"))
    ///     .limit(When::attribute("parameter.tenant", "acme"), 10.0)
    ///     .otherwise(Sampler::TraceIdRatioBased(0.05));
    /// let tail = TailSampling::new().otherwise(rules);
    /// # let _ = tail;
    /// ```
    pub fn otherwise(self, sampler: impl Into<Box<dyn ShouldSample>>) -> Self {
        Self { otherwise: Otherwise::Ask(sampler.into()), ..self }
    }

    /// Bytes that held spans may take, beside [`Builder::buffer_bytes`](crate::Builder::buffer_bytes); the span in hand goes over
    /// them, with the 64 KiB at most that are reserved for it and the next ones. Where they are taken, the trace that has been held
    /// for longest is kept at once, and counted ([`decided_early`](crate::Stats::decided_early)). Default: 32 MiB.
    pub fn max_bytes(self, bytes: usize) -> Self {
        Self { max_bytes: bytes, ..self }
    }

    /// How long a trace is held at most; then it is kept, and counted as with [`max_bytes`](Self::max_bytes): a root that never
    /// ends is worth looking at. Default: 60 s.
    pub fn max_age(self, age: Duration) -> Self {
        Self { max_age: age, ..self }
    }
}

impl fmt::Debug for TailSampling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TailSampling")
            .field("failed", &self.failed)
            .field("cancelled", &self.cancelled)
            .field("slower_than", &self.slower_than)
            .field("otherwise", &self.otherwise)
            .field("max_bytes", &self.max_bytes)
            .field("max_age", &self.max_age)
            .finish()
    }
}

impl Otherwise {
    /// What the id of a trace says.
    pub(crate) fn draw(bound: u64, trace_id: [u8; 16]) -> bool {
        let low = u128::from_be_bytes(trace_id) & u128::from(u64::MAX);
        low >> 1 < u128::from(bound)
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry::TraceId;
    use opentelemetry::trace::SpanKind;
    use opentelemetry_sdk::trace::{Sampler, SamplingDecision};

    use super::*;

    #[test]
    fn the_draw_is_that_of_the_sdk() {
        let mut id = 0x1234_5678_9abc_def0_0fed_cba9_8765_4321_u128;
        for ratio in [0.0, 1e-9, 0.1, 0.5, 0.999, 1.0, 2.0, -1.0] {
            let Otherwise::Ratio(bound) = TailSampling::new().ratio(ratio).otherwise else {
                unreachable!("a ratio was set")
            };
            for _ in 0..2_000 {
                id = id.wrapping_mul(0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645).wrapping_add(1);
                let trace_id = TraceId::from(id);
                let head = Sampler::TraceIdRatioBased(ratio).should_sample(
                    None,
                    trace_id,
                    "",
                    &SpanKind::Internal,
                    &[],
                    &[],
                );
                let kept = head.decision == SamplingDecision::RecordAndSample;
                assert_eq!(Otherwise::draw(bound, trace_id.to_bytes()), kept, "{ratio} {id:x}");
            }
        }
    }
}
