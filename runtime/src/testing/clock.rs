//! A clock that tests set, for the spans of one recording.
//!
//! A tick of it is a `u64` like those of the real clock, and lies in records beside them; it says of itself what it is:
//!
//! ```text
//! bit 63          1, where the counter of a processor does not come in a century
//! bits 54 to 62   which clock
//! the rest        nanoseconds
//! ```
//!
//! So the drain thread needs nothing but the tick, and a span ends by the clock by which it started. While no test has
//! stopped a clock, this costs one load of an atomic.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use super::scope;

const SET: u64 = 1 << 63;
const NUMBER_AT: u32 = 54;
const NANOS: u64 = (1 << NUMBER_AT) - 1;
/// Clocks that there can be at once.
const CLOCKS: usize = 512;
/// Where each of them starts: 2000-01-01 00:00:00 UTC.
const EPOCH: Duration = Duration::from_secs(946_684_800);

static STOPPED: AtomicUsize = AtomicUsize::new(0);
static HANDS: Mutex<Vec<Option<Hands>>> = Mutex::new(Vec::new());

/// What a clock shows.
#[derive(Debug, Clone, Copy)]
enum Hands {
    /// Nanoseconds that the test has let go by.
    At(u64),
    /// Nanoseconds from before, and tokio's clock since that instant.
    Tokio(u64, Instant),
}

impl Hands {
    fn nanos(self) -> u64 {
        match self {
            Self::At(nanos) => nanos,
            Self::Tokio(before, since) => nanos(Instant::now().duration_since(since)).saturating_add(before),
        }
        .min(NANOS)
    }
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

fn hands() -> MutexGuard<'static, Vec<Option<Hands>>> {
    HANDS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The clock of a recording, which goes as the test says: [`Recording::clock`](super::Recording::clock). Clones are the same
/// clock.
#[derive(Clone)]
pub struct Clock(Arc<Number>);

/// A place among the clocks, until the last handle to it is gone.
struct Number(usize);

impl Clock {
    /// A clock that stands still; `None` when there are too many.
    pub(super) fn stopped() -> Option<Self> {
        let mut hands = hands();
        let number = hands.iter().position(Option::is_none).unwrap_or(hands.len());
        if number == CLOCKS {
            return None;
        }
        match hands.get_mut(number) {
            Some(free) => *free = Some(Hands::At(0)),
            None => hands.push(Some(Hands::At(0))),
        }
        STOPPED.fetch_add(1, Ordering::Relaxed);
        Some(Self(Arc::new(Number(number))))
    }

    /// Lets `time` go by. After [`follow_tokio`](Self::follow_tokio), it goes by in addition. A clock goes for 208 days at
    /// most, and then stops.
    pub fn advance(&self, time: Duration) {
        if let Some(Some(Hands::At(at) | Hands::Tokio(at, _))) = hands().get_mut(self.0.0) {
            *at = at.saturating_add(nanos(time));
        }
    }

    /// From now on goes as tokio's clock does: with `#[tokio::test(start_paused = true)]`, sleeps take exactly their time
    /// and nothing else takes any. On threads without a tokio runtime it goes as the real clock does.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use wirespan::testing::Recording;
    /// #[wirespan::traced]
    /// async fn nap() {
    ///     tokio::time::sleep(Duration::from_secs(60)).await;
    /// }
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// // What `#[tokio::test(start_paused = true)]` does:
    /// let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?;
    /// runtime.block_on(async {
    ///     let recording = Recording::start();
    ///     recording.clock().follow_tokio();
    ///     nap().await;
    ///     // Tokio's timers go by milliseconds.
    ///     assert_eq!(recording.span("nap").duration().as_secs(), 60);
    /// });
    /// # Ok(()) }
    /// ```
    pub fn follow_tokio(&self) {
        if let Some(Some(hands)) = hands().get_mut(self.0.0) {
            *hands = Hands::Tokio(hands.nanos(), Instant::now());
        }
    }

    /// What it shows.
    pub fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + EPOCH + Duration::from_nanos(self.tick() & NANOS)
    }

    fn tick(&self) -> u64 {
        tick(self.0.0).unwrap_or(SET)
    }
}

impl Drop for Number {
    fn drop(&mut self) {
        if let Some(place) = hands().get_mut(self.0) {
            *place = None;
        }
        STOPPED.fetch_sub(1, Ordering::Relaxed);
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Clock").field(&Duration::from_nanos(self.tick() & NANOS)).finish()
    }
}

fn tick(number: usize) -> Option<u64> {
    let nanos = hands().get(number).copied().flatten()?.nanos();
    Some(SET | (number as u64) << NUMBER_AT | nanos)
}

fn is_any() -> bool {
    STOPPED.load(Ordering::Relaxed) > 0
}

/// The tick of a span that starts here, if it is a set clock's.
#[cfg_attr(not(debug_assertions), inline)]
pub(crate) fn now() -> Option<u64> {
    if is_any() { now_here() } else { None }
}

#[cold]
fn now_here() -> Option<u64> {
    Some(scope::current()?.inner().clock.get()?.tick())
}

/// The tick of what happens in a span that started at `start`, if that is a set clock's.
#[cfg_attr(not(debug_assertions), inline)]
pub(crate) fn now_after(start: u64) -> Option<u64> {
    if start & SET == 0 {
        return None;
    }
    // The clock may be gone with its recording: then nobody looks at the span.
    Some(usize::try_from((start & !SET) >> NUMBER_AT).ok().and_then(tick).unwrap_or(start))
}

/// Nanoseconds from one tick to a later one, if they are a set clock's.
pub(crate) fn nanos_between(start: u64, end: u64) -> Option<u64> {
    (start & SET != 0).then(|| (end & NANOS).saturating_sub(start & NANOS))
}

/// Nanoseconds since the Unix epoch at `ticks`, if it is a set clock's.
pub(crate) fn unix_nanos(ticks: u64) -> Option<u64> {
    (ticks & SET != 0).then(|| nanos(EPOCH).saturating_add(ticks & NANOS))
}
