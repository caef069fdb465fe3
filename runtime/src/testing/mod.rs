//! A test kit: what the traced functions of one test recorded, while other tests of the process run beside it.
//!
//! It is the feature `testing`, for `[dev-dependencies]`:
//!
//! ```toml
//! [dev-dependencies]
//! wirespan = { version = "0.1", features = ["testing"] }
//! ```
//!
//! ```
//! use wirespan::testing::Recording;
//! use wirespan::traced;
//!
//! #[traced]
//! fn parse(text: &str) -> Result<u64, std::num::ParseIntError> {
//!     text.parse()
//! }
//!
//! #[traced]
//! fn total(texts: &str) -> u64 {
//!     texts.split(' ').filter_map(|text| parse(text).ok()).sum()
//! }
//!
//! // In a `#[test]`, or a `#[tokio::test]` of either flavour:
//! let recording = Recording::start();
//! assert_eq!(total("3 4 x"), 7);
//!
//! let spans = recording.spans();
//! spans.tree().assert_is(r#"
//!     total ok parameter.texts="3 4 x"
//!       parse ok parameter.text="3"
//!       parse ok parameter.text="4"
//!       parse error="invalid digit found in string" error.type="core::num::error::ParseIntError" parameter.text="x"
//!         * exception exception.message="invalid digit found in string" exception.type="core::num::error::ParseIntError"
//! "#);
//! let failed = &spans.one("total").children()[2];
//! failed.assert_failed("invalid digit found in string").assert_attribute("parameter.text", "x");
//! ```
//!
//! A failed assertion shows the tree of what was recorded, and what began outside of every recording.
//!
//! # Which spans a recording sees
//!
//! All of a process goes through one pipeline, which the first recording installs and which stays. It ignores the environment
//! and records every trace, except those of a remote parent that is not sampled. A recording sees the traces that **begin**
//! inside it, whole, on whatever threads they go on. A trace begins inside a recording:
//!
//! | where its first span starts | what to type |
//! |---|---|
//! | on the thread of [`Recording::start`]: a `#[test]`, a `#[tokio::test]` and all that it spawns, a `LocalSet` | nothing |
//! | in a task or a blocking call of the tokio runtime in which `start` was called (`flavor = "multi_thread"`) | nothing |
//! | where OpenTelemetry's `Context` was carried (`tokio::spawn(future.with_current_context())`) | nothing |
//! | in a runtime that the test made itself | [`scope.claim_runtime(handle)`](Scope::claim_runtime) |
//! | in a future, wherever it is spawned | [`scope.around(future)`](Scope::around) |
//! | on another thread | `let _inside = `[`scope.enter()`](Scope::enter)`;` first |
//! | on each thread of a pool | [`scope.claim_thread()`](Scope::claim_thread) in its start handler |
//! | below a span that was made by the OpenTelemetry API | [`recording.adopt(trace_id)`](Recording::adopt) |
//!
//! Of recordings inside each other the innermost sees it. Where two recordings that know nothing of each other started in one
//! runtime, its threads belong to neither, and the table's other lines remain. Recordings that take the same remote trace as
//! their parent see what is below their own first spans.
//!
//! What is told from its own pipeline (a sampler, `opentelemetry_context(false)`, an exporter) is tested with
//! [`builder`](crate::builder) and [`MemoryExporter`](crate::MemoryExporter) in a test binary of its own: there is one
//! pipeline in a process. [`Spans`] can be made of what a `MemoryExporter` holds.
//!
//! # Time
//!
//! [`Recording::clock`] stops the clock for a recording's spans; from then on it goes as the test says, or as tokio's paused
//! clock does.

mod assert;
pub(crate) mod clock;
mod diff;
mod recording;
pub(crate) mod router;
mod runtimes;
mod scope;
mod span;
mod spans;
mod tree;

pub use clock::Clock;
pub use recording::Recording;
pub use scope::{Around, Entered, Scope};
pub use span::Span;
pub use spans::Spans;
pub use tree::Tree;
