//! What telemetry says about itself: a line a minute and kind, to `tracing` or `log` where the program has one of them, else to
//! standard error. Never the value of a header, a parameter or a credential.
//!
//! The thread that sends is [`hush`]ed: what the HTTP and gRPC clients trace there reaches no subscriber, or each export would be
//! traced, and each trace exported. Only [`tell`] is heard.

use std::cell::RefCell;
use std::fmt;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tracing::dispatcher::{self, DefaultGuard, Dispatch};

/// What a line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Requests wait for a receiver that cannot be reached, or asks for patience.
    Waiting,
    /// The receiver does not accept our credentials.
    Denied,
    /// Spans were refused for good.
    Refused,
    /// The receiver took a request but for some of its spans.
    Rejected,
    /// Code of ours, or of a transport, panicked.
    Panicked,
    /// The disk does not take what is to be kept.
    Spooling,
}

const KINDS: usize = 6;

/// How long a kind is silent after a line.
const SILENCE: Duration = Duration::from_secs(60);

/// One kind's silence.
#[derive(Debug, Default)]
struct Line {
    /// Milliseconds after [`START`] of the last line, plus one.
    last: AtomicU64,
    left_out: AtomicU64,
}

static START: LazyLock<Instant> = LazyLock::new(Instant::now);
static LINES: [Line; KINDS] =
    [const { Line { last: AtomicU64::new(0), left_out: AtomicU64::new(0) } }; KINDS];

/// One line at a time: two threads may say something of the same kind.
static TURN: Mutex<()> = Mutex::new(());

thread_local! {
    static HUSHED: RefCell<Option<DefaultGuard>> = const { RefCell::new(None) };
}

/// From now on what this thread traces reaches no subscriber.
pub(crate) fn hush() {
    HUSHED.with(|hushed| *hushed.borrow_mut() = Some(dispatcher::set_default(&Dispatch::none())));
}

/// Says something, unless something of its kind was said within the last minute.
pub(crate) fn tell(kind: Kind, text: fmt::Arguments<'_>) {
    let Some(line) = LINES.get(kind as usize) else { return };
    let Some(left_out) = line.turn(START.elapsed()) else { return };
    let more = match left_out {
        0 => String::new(),
        more => format!(" ({more} more like it since the last line)"),
    };
    let hushed = HUSHED.with(|hushed| hushed.borrow_mut().take()).is_some();
    // A subscriber is a user's code.
    let _ = catch_unwind(AssertUnwindSafe(|| say(format_args!("{text}{more}"))));
    if hushed {
        hush();
    }
}

impl Line {
    /// How many lines were left out since the last one, where it is time for another.
    fn turn(&self, now: Duration) -> Option<u64> {
        let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let now = u64::try_from(now.as_millis()).unwrap_or(u64::MAX - 1) + 1;
        let last = self.last.load(Ordering::Relaxed);
        let silence = u64::try_from(SILENCE.as_millis()).unwrap_or(u64::MAX);
        if last != 0 && now.saturating_sub(last) < silence {
            self.left_out.fetch_add(1, Ordering::Relaxed);
            return None;
        }
        self.last.store(now, Ordering::Relaxed);
        Some(self.left_out.swap(0, Ordering::Relaxed))
    }
}

fn say(text: fmt::Arguments<'_>) {
    if dispatcher::has_been_set() {
        tracing::warn!(target: "wirespan", "{text}");
    } else if log::max_level() >= log::Level::Warn {
        log::warn!(target: "wirespan", "{text}");
    } else {
        // A closed standard error is no reason to panic.
        let _ = writeln!(std::io::stderr(), "wirespan: {text}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_speaks_once_a_minute_and_says_how_often_it_was_silent() {
        let line = Line::default();
        let at = |seconds| line.turn(Duration::from_secs(seconds));
        assert_eq!(
            [at(0), at(1), at(59), at(60), at(61), at(200)],
            [Some(0), None, None, Some(2), None, Some(1)]
        );
    }
}
