//! The builder's options about sampling.

use opentelemetry_sdk::trace::ShouldSample;

use super::Builder;
use crate::sampling::TailSampling;

impl Builder {
    /// Decides which traces are recorded, where they enter the process: spans without a parent, or with one in another
    /// process. Spans below a parent in this process do as their parent does. Default: `OTEL_TRACES_SAMPLER`, else
    /// `parentbased_always_on`.
    pub fn sampler(mut self, sampler: impl ShouldSample + 'static) -> Self {
        self.options.sampler = Some(format!("{sampler:?}"));
        self.sampler = Some(Box::new(sampler));
        self
    }

    /// Decides about each trace when it is over, among those that the sampler keeps. Default: all of them are kept, and
    /// nothing is held.
    pub fn tail_sampling(mut self, tail: TailSampling) -> Self {
        self.options.tail = Some(format!("{tail:?}"));
        self.tail = Some(tail);
        self
    }

    /// Whether the sampler is asked about every span, also below a parent in this process: the local branches of
    /// `Sampler::parent_based` need it, and rules that leave out a part of a trace. Default: `false`, such spans do as their
    /// parent does, which costs next to nothing; asked for, each costs what a root costs.
    pub fn sample_every_span(mut self, ask: bool) -> Self {
        self.options.sample_every_span = Some(ask);
        self
    }
}
