//! What telemetry says about itself: a line a minute and kind, to `tracing` or `log` where the program has one of them, else to
//! standard error. Never the value of a header, a parameter or a credential. `OTEL_LOG_LEVEL` says how much of it.
//!
//! The thread that sends is [`hush`]ed: what the HTTP and gRPC clients trace there reaches no subscriber, or each export would be
//! traced, and each trace exported. Only [`tell`] is heard.

#[cfg(feature = "_otlp")]
use std::cell::RefCell;
use std::fmt;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

#[cfg(feature = "_otlp")]
use tracing::dispatcher::{self, DefaultGuard, Dispatch};
#[cfg(feature = "_otlp")]
use tracing::subscriber::NoSubscriber;

use crate::thread::Busy;

/// How much is said: lines of this level and those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    None = 0,
    Error = 1,
    Warn = 2,
    Info = 3,
    Debug = 4,
    Trace = 5,
}

impl Level {
    const ALL: [Self; 6] = [Self::None, Self::Error, Self::Warn, Self::Info, Self::Debug, Self::Trace];

    /// As `OTEL_LOG_LEVEL` names it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }

    /// The level of that name, in any case.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str().eq_ignore_ascii_case(name))
    }
}

/// A [`Level`].
static LEVEL: AtomicU8 = AtomicU8::new(Level::Info as u8);

/// From now on lines of this level and those before it are said.
pub(crate) fn set_level(level: Level) {
    LEVEL.store(level as u8, Ordering::Relaxed);
}

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
    #[cfg_attr(not(any(feature = "metrics", feature = "logs")), expect(dead_code, reason = "spans alone"))]
    /// Metrics were not delivered, or not all of them.
    Metrics,
    #[cfg_attr(not(any(feature = "metrics", feature = "logs")), expect(dead_code, reason = "spans alone"))]
    /// Log records were not delivered, or not all of them.
    Logs,
    /// Headers of others were not taken.
    Headers,
}

impl Kind {
    /// Something is lost or broken, or may yet turn out well.
    fn level(self) -> Level {
        match self {
            Self::Denied | Self::Refused | Self::Panicked => Level::Error,
            Self::Waiting | Self::Rejected | Self::Spooling | Self::Metrics | Self::Logs | Self::Headers => {
                Level::Warn
            }
        }
    }
}

const KINDS: usize = 9;

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

#[cfg(feature = "_otlp")]
thread_local! {
    static HUSHED: RefCell<Option<DefaultGuard>> = const { RefCell::new(None) };
}

/// From now on what this thread traces reaches no subscriber.
#[cfg(feature = "_otlp")]
pub(crate) fn hush() {
    HUSHED.with(|hushed| *hushed.borrow_mut() = Some(dispatcher::set_default(&Dispatch::none())));
}

/// Says something, unless something of its kind was said within the last minute.
pub(crate) fn tell(kind: Kind, text: fmt::Arguments<'_>) {
    if kind.level() as u8 > LEVEL.load(Ordering::Relaxed) {
        return;
    }
    let Some(line) = LINES.get(kind as usize) else { return };
    let Some(left_out) = line.turn(START.elapsed()) else { return };
    let more = match left_out {
        0 => String::new(),
        more => format!(" ({more} more like it since the last line)"),
    };
    say_aloud(kind.level(), format_args!("{text}{more}"));
}

/// Says in one line what was found when telemetry was switched on.
pub(crate) fn tell_findings(findings: &[String]) {
    if !findings.is_empty() && Level::Warn as u8 <= LEVEL.load(Ordering::Relaxed) {
        say_aloud(Level::Warn, format_args!("{}", findings.join("; ")));
    }
}

/// Says it also where this thread is hushed.
fn say_aloud(level: Level, text: fmt::Arguments<'_>) {
    #[cfg(feature = "_otlp")]
    let hushed = HUSHED.with(|hushed| hushed.borrow_mut().take()).is_some();
    // A subscriber is a user's code; what it calls makes no span about our own export.
    let _busy = Busy::begin();
    let _ = catch_unwind(AssertUnwindSafe(|| say(level, text)));
    #[cfg(feature = "_otlp")]
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

#[cfg_attr(not(feature = "_otlp"), expect(unused_variables, reason = "standard error has no levels"))]
fn say(level: Level, text: fmt::Arguments<'_>) {
    #[cfg(feature = "_otlp")]
    if is_heard(level, text) {
        return;
    }
    // A closed standard error is no reason to panic.
    let _ = writeln!(std::io::stderr(), "wirespan: {text}");
}

/// Ours would export the line, and an outage is not to be told by what is out.
#[cfg(all(feature = "_otlp", feature = "logs"))]
use crate::logs::subscriber_is_ours;
#[cfg(all(feature = "_otlp", not(feature = "logs")))]
const fn subscriber_is_ours() -> bool {
    false
}

/// Whether the program has something that takes lines; then it has got this one.
#[cfg(feature = "_otlp")]
fn is_heard(level: Level, text: fmt::Arguments<'_>) -> bool {
    let is_error = level == Level::Error;
    // Not `has_been_set`: that is so once a thread is hushed.
    if !subscriber_is_ours() && !dispatcher::get_default(Dispatch::is::<NoSubscriber>) {
        if is_error {
            tracing::error!(target: "wirespan", "{text}");
        } else {
            tracing::warn!(target: "wirespan", "{text}");
        }
        return true;
    }
    let level = if is_error { log::Level::Error } else { log::Level::Warn };
    let heard = log::max_level() >= level;
    if heard {
        log::log!(target: "wirespan", level, "{text}");
    }
    heard
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_go_by_their_names() {
        assert_eq!(Level::named("WARN"), Some(Level::Warn));
        assert_eq!(Level::named("warning"), None);
        assert!(Level::ALL.windows(2).all(|pair| matches!(pair, [a, b] if a < b)));
    }

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
