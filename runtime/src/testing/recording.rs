//! What one test records.

use std::collections::HashMap;
use std::fmt::{self, Write as _};
use std::time::Duration;

use opentelemetry::{SpanId, TraceId};
use opentelemetry_sdk::trace::SpanData;
use tokio::runtime::Handle;

use super::assert::{fail, ledger};
use super::clock::Clock;
use super::scope::{Entered, Scope};
use super::span::Span;
use super::spans::Spans;
use super::{router, runtimes};
use crate::setup::telemetry::Telemetry;

/// How long [`Recording::spans`] waits for the drain thread.
const PATIENCE: Duration = Duration::from_secs(20);

/// The spans of one test, from [`start`](Self::start) until this is dropped. [The module](super) says which ones.
///
/// ```
/// use wirespan::testing::Recording;
///
/// #[wirespan::traced(skip = "name")]
/// fn greet(name: &str) -> usize {
///     name.len()
/// }
///
/// let recording = Recording::start();
/// greet("world");
/// recording.span("greet").assert_returned().assert_attribute("parameter.name", "<str (excluded)>");
/// ```
#[must_use = "spans are recorded until this is dropped: `let recording = Recording::start();`"]
pub struct Recording {
    scope: Scope,
    telemetry: &'static Telemetry,
    lost_before: u64,
    strays_before: u64,
    // Not `Send`: it is dropped on the thread that it was started on.
    _inside: Entered,
}

impl Recording {
    /// Begins to record: this thread, and the tokio runtime that it works for, are inside. The first recording of a process
    /// installs the pipeline that all of them use.
    ///
    /// A span that is open here is not the parent of what is called next; in an async function, only up to its next
    /// `.await`. So leave a test itself without `#[traced]`.
    ///
    /// # Panics
    ///
    /// When telemetry is installed by [`init`](crate::init) or [`Builder::install`](crate::Builder::install).
    #[track_caller]
    pub fn start() -> Self {
        let telemetry = match router::pipeline() {
            Ok(telemetry) => telemetry,
            Err(error) if error.is_already_installed() => fail(
                "`Recording::start` needs the process's pipeline, and `init` or `Builder::install` has installed another\n\
                 help: drop that `Telemetry` first, or give the test that installs it a test binary of its own",
            ),
            Err(error) => fail(&format!("the pipeline of the tests could not be installed: {error:?}")),
        };
        let scope = Scope::new();
        if let Ok(runtime) = Handle::try_current() {
            runtimes::claim(runtime.id(), &scope);
        }
        Self {
            lost_before: telemetry.stats().dropped(),
            strays_before: router::stray_count(),
            _inside: scope.enter_afresh(),
            scope,
            telemetry,
        }
    }

    /// The spans that have ended so far, in the order in which they started. Waits until those that ended before this call
    /// are there.
    ///
    /// # Panics
    ///
    /// When they are not there within 20 seconds, or spans were lost. The message holds the ledger.
    #[track_caller]
    pub fn spans(&self) -> Spans {
        self.spans_within(PATIENCE)
    }

    #[track_caller]
    fn spans_within(&self, patience: Duration) -> Spans {
        // Of losses this tells one caller only; they are looked up below.
        if self.telemetry.flush(patience).is_err_and(|error| error.is_timeout()) {
            fail(&format!("spans did not arrive within {patience:?}\n{}", self.note()));
        }
        let lost = self.telemetry.stats().dropped().saturating_sub(self.lost_before);
        if lost > 0 {
            fail(&format!(
                "{lost} spans of this process were lost since the recording started\n{}",
                self.note()
            ));
        }
        let store = &self.scope.inner().spans;
        if store.overflow() > 0 {
            fail(&format!(
                "the recording holds {} spans, and {} more did not fit\nhelp: start a recording for each part of the test",
                store.len(),
                store.overflow()
            ));
        }
        let mut spans = self.own(store.spans());
        // Those that started together stay as they came, which is as they ended.
        spans.sort_by_key(|span| span.start_time);
        Spans::new(spans, self.note())
    }

    /// The one span of that name: `spans().one(name)`.
    ///
    /// # Panics
    ///
    /// As [`spans`](Self::spans), and when there is none of that name, or more than one.
    #[track_caller]
    pub fn span(&self, name: &str) -> Span {
        self.spans().one(name)
    }

    /// The inside of this recording, for other threads, tasks and runtimes.
    pub fn scope(&self) -> Scope {
        self.scope.clone()
    }

    /// Takes over a trace that begins with a span of the OpenTelemetry API, or of another library: its spans are this
    /// recording's, also those that have ended (of the spans that no recording sees, the last 10,000 are kept).
    pub fn adopt(&self, trace_id: TraceId) {
        router::adopt(trace_id, &self.scope);
    }

    /// Stops the clock of this recording's spans, at 2000-01-01 00:00:00 UTC. From now on it goes as the test says. A span
    /// that started before goes on with the real time. Each call gives the same clock.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use wirespan::testing::{Recording, Clock};
    /// #[wirespan::traced(skip_all)]
    /// fn wait(clock: &Clock, millis: u64) {
    ///     clock.advance(Duration::from_millis(millis));
    /// }
    ///
    /// let recording = Recording::start();
    /// wait(&recording.clock(), 250);
    /// assert_eq!(recording.span("wait").duration(), Duration::from_millis(250));
    /// ```
    ///
    /// # Panics
    ///
    /// When 512 recordings of this process have set their clock at the same time.
    #[track_caller]
    pub fn clock(&self) -> Clock {
        let made = || match Clock::stopped() {
            Some(clock) => clock,
            None => fail("512 recordings have stopped their clocks; there is no room for another"),
        };
        self.scope.inner().clock.get_or_init(made).clone()
    }

    /// What a failed assertion says besides.
    fn note(&self) -> String {
        let mut note = ledger(&self.telemetry.stats());
        let strays = router::strays_since(self.strays_before);
        if !strays.is_empty() {
            // Writing to a `String` cannot fail.
            let _ = write!(note, "\n{strays}");
        }
        note
    }

    /// The spans without those of other recordings in the same trace.
    fn own(&self, spans: Vec<SpanData>) -> Vec<SpanData> {
        let owned = self.scope.owned();
        if owned.shared.is_empty() {
            return spans;
        }
        let parents: HashMap<SpanId, SpanId> =
            spans.iter().map(|span| (span.span_context.span_id(), span.parent_span_id)).collect();
        let is_whole = |trace_id| !owned.shared.contains(&trace_id) || owned.adopted.contains(&trace_id);
        let is_own = |span: &SpanData| {
            let mut id = Some(span.span_context.span_id());
            // No chain is longer than there are spans.
            for _ in 0..=parents.len() {
                match id {
                    Some(at) if owned.roots.contains(&at) => return true,
                    Some(at) => id = parents.get(&at).copied(),
                    None => return false,
                }
            }
            false
        };
        spans.iter().filter(|span| is_whole(span.span_context.trace_id()) || is_own(span)).cloned().collect()
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        self.scope.end();
        runtimes::release(&self.scope);
        router::disown(&self.scope);
    }
}

impl fmt::Debug for Recording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recording")
            .field("scope", &self.scope)
            .field("spans", &self.scope.inner().spans.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;

    #[crate::traced]
    fn holds() -> router::Held {
        router::hold()
    }

    #[test]
    fn spans_that_do_not_arrive_fail_the_test_with_the_ledger() {
        let recording = Recording::start();
        let held = holds();
        let soon = Duration::from_millis(10);
        let payload = catch_unwind(AssertUnwindSafe(|| recording.spans_within(soon))).unwrap_err();
        let message = payload.downcast::<String>().unwrap();
        let (what, ledger) = message.split_once('\n').unwrap();
        assert_eq!(what, "spans did not arrive within 10ms");
        assert_eq!(ledger, "ledger of this process: 1 started, 0 delivered, 0 dropped, 1 pending, 0 open");
        drop(held);
        recording.span("holds");
    }
}
