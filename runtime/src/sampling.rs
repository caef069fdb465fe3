//! Which traces are recorded, and which of the recorded ones are kept.
//!
//! [`Builder::sampler`](crate::Builder::sampler) takes any sampler of `opentelemetry_sdk`: its own, `Sampler::parent_based(root)`
//! with its branches, and the ones here, which work with other instrumentation, too. It is asked where a trace enters the
//! process: for spans without a parent, or with one in another process. [`Telemetry::set_sampler`](crate::Telemetry::set_sampler)
//! replaces it while the program runs.
//!
//! - [`Rules`] ask different samplers by name, kind, module or attribute: health checks are left out, one module is thinned.
//! - [`RateLimit`] keeps at most so many traces a second.
//!
//! [`Builder::tail_sampling`](crate::Builder::tail_sampling) decides once more, when a trace is over: see [`TailSampling`].

pub use crate::sample::{RateLimit, Rules, SamplerHandle, TailSampling, When, Within};
