//! The load: two threads that make traces of a root and 99 calls, every span with two attributes.

use std::thread;
use std::time::{Duration, Instant};

use super::case::Pace;
use crate::Result;

/// Calls below each root.
pub const CALLS: u32 = 99;
/// What every call is given besides a number: 16 bytes.
pub const TAG: &str = "order-0123456789";
/// Spans of the whole benchmark.
pub const SPANS: u32 = 1_000_000;
/// Spans of a quick one.
pub const QUICK_SPANS: u32 = 50_000;

const THREADS: u32 = 2;
/// Each thread makes five traces each 10 ms: 100,000 spans a second in all.
const TRACES_AT_ONCE: u32 = 5;
const EACH: Duration = Duration::from_millis(10);

/// Makes `spans` with `trace`, which is given a number for each trace; says how many they were.
///
/// # Errors
/// When a thread panicked.
pub fn make(spans: u32, pace: Pace, trace: fn(u64)) -> Result<u64> {
    on_threads(spans, pace, |first, traces| (first..first + traces).for_each(trace))?;
    Ok(u64::from(of_thread(spans) * THREADS * (CALLS + 1)))
}

/// Runs `traces`, which makes so many traces from a number on, until each thread has made its share of `spans`.
///
/// # Errors
/// When a thread panicked.
pub fn on_threads<F>(spans: u32, pace: Pace, traces: F) -> Result<()>
where
    F: FnMut(u64, u64) + Clone + Send,
{
    let count = of_thread(spans);
    thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|_| {
                let mut traces = traces.clone();
                scope.spawn(move || match pace {
                    Pace::Burst => traces(0, u64::from(count)),
                    Pace::Paced => paced(count, &mut traces),
                })
            })
            .collect();
        for thread in threads {
            thread.join().map_err(|_| "a thread that makes spans panicked")?;
        }
        Ok(())
    })
}

fn paced(count: u32, traces: &mut impl FnMut(u64, u64)) {
    let start = Instant::now();
    let mut due = Duration::ZERO;
    for first in (0..count).step_by(TRACES_AT_ONCE as usize) {
        thread::sleep(due.saturating_sub(start.elapsed()));
        traces(u64::from(first), u64::from(TRACES_AT_ONCE.min(count - first)));
        due += EACH;
    }
}

/// Traces of each thread.
fn of_thread(spans: u32) -> u32 {
    spans / THREADS / (CALLS + 1)
}
