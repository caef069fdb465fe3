//! A rate limit: so many traces a second, and what was saved up before.
//!
//! A token bucket in one number, the time at which the next token would be there if none had been saved (GCRA). Taking a token is a
//! compare-and-swap; where the bucket is empty it is one load, so threads that are refused do not disturb each other. Nobody
//! waits. The clock is monotonic, and given to the bucket, so that tests set it.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use opentelemetry::trace::{Link, SpanKind};
use opentelemetry::{Context, KeyValue, TraceId};
use opentelemetry_sdk::trace::{Sampler, SamplingDecision, SamplingResult, ShouldSample};

use super::answer;

const SECOND: f64 = 1e9;

/// A sampler that keeps at most so many traces a second.
///
/// ```
/// use wirespan::opentelemetry_sdk::trace::Sampler;
/// use wirespan::sampling::RateLimit;
///
/// // A tenth of the traces, at most 50 a second, and up to 200 at once after a quiet time.
/// let sampler = RateLimit::per_second(50.0).burst(200).of(Sampler::TraceIdRatioBased(0.1));
/// # let _ = wirespan::builder().sampler(Sampler::parent_based(sampler));
/// ```
///
/// Clones share one limit. It is a promise from above: in any time of `t` seconds at most `burst + t * rate` traces are kept.
/// Times between two traces are rounded up to whole nanoseconds.
#[derive(Clone)]
pub struct RateLimit {
    bucket: Arc<Bucket>,
    of: Box<dyn ShouldSample>,
}

impl RateLimit {
    /// At most `rate` traces a second: 0.1 is one in ten seconds; zero, or what is no number, keeps nothing. After a quiet time as
    /// many as in one second, and at least one, may come at once; [`burst`](Self::burst) says otherwise.
    pub fn per_second(rate: f64) -> Self {
        let rate = if rate > 0.0 { rate } else { 0.0 };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a cast of a float stops at the bounds"
        )]
        let (interval, burst) = ((SECOND / rate).ceil() as u64, rate.ceil() as u64);
        let burst = if rate > 0.0 { burst.max(1) } else { 0 };
        Self { bucket: Arc::new(Bucket::new(interval, burst)), of: Box::new(Sampler::AlwaysOn) }
    }

    /// How many traces may come at once, after a time in which none came. Zero keeps nothing. The bucket is full again.
    #[must_use]
    pub fn burst(self, traces: u32) -> Self {
        Self { bucket: Arc::new(Bucket::new(self.bucket.interval, traces.into())), ..self }
    }

    /// Counts only traces that `sampler` keeps, and keeps no others. Default: all of them.
    #[must_use]
    pub fn of(self, sampler: impl Into<Box<dyn ShouldSample>>) -> Self {
        Self { of: sampler.into(), ..self }
    }
}

impl ShouldSample for RateLimit {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace_id: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        let result = self.of.should_sample(parent, trace_id, name, kind, attributes, links);
        if result.decision == SamplingDecision::Drop || self.bucket.take(self.bucket.now()) {
            result
        } else {
            answer(parent, false)
        }
    }
}

impl fmt::Debug for RateLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RateLimit")
            .field("nanoseconds_between", &self.bucket.interval)
            .field("burst", &self.bucket.burst)
            .field("of", &self.of)
            .finish()
    }
}

/// See the module's documentation. Times are nanoseconds since it was made.
struct Bucket {
    made: Instant,
    /// Between two tokens.
    interval: u64,
    /// Tokens that are saved up at most.
    burst: u64,
    /// When the next token is there, if none is saved: a burst earlier one may be taken ahead of time.
    next: AtomicU64,
}

impl Bucket {
    fn new(interval: u64, burst: u64) -> Self {
        Self { made: Instant::now(), interval, burst, next: AtomicU64::new(0) }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.made.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    fn take(&self, now: u64) -> bool {
        let Some(ahead) = self.burst.checked_sub(1) else { return false };
        let latest = now.saturating_add(self.interval.saturating_mul(ahead));
        // The number stands for itself, and orders nothing else: relaxed throughout.
        let mut next = self.next.load(Ordering::Relaxed);
        while next <= latest {
            let after = next.max(now).saturating_add(self.interval);
            match self.next.compare_exchange_weak(next, after, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return true,
                // Another thread took one: so this goes on for as long as there are tokens, at most.
                Err(seen) => next = seen,
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    /// Keeps what a bucket keeps at these times.
    fn kept(bucket: &Bucket, times: &[u64]) -> Vec<u64> {
        times.iter().copied().filter(|now| bucket.take(*now)).collect()
    }

    fn bucket(rate: f64, burst: u32) -> Bucket {
        let limit = RateLimit::per_second(rate).burst(burst);
        Bucket::new(limit.bucket.interval, limit.bucket.burst)
    }

    #[test]
    fn a_full_bucket_gives_its_burst_and_then_one_token_an_interval() {
        let bucket = bucket(10.0, 3);
        let tenth = 100_000_000;
        assert_eq!(kept(&bucket, &[0, 0, 0, 0, 1, tenth - 1]), [0, 0, 0]);
        assert_eq!(kept(&bucket, &[tenth, tenth, tenth + 1]), [tenth]);
        // Idle for long: not more than the burst was saved up.
        assert_eq!(kept(&bucket, &[100 * tenth; 9]), [100 * tenth; 3]);
    }

    #[test]
    fn whatever_the_times_no_window_has_more_than_the_limit_and_a_steady_stream_gets_it() {
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        let mut random = move |below: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state % below
        };
        for _ in 0..400 {
            let rate = match random(5) {
                0 => 0.5,
                1 => 1.0,
                2 => 7.0,
                3 => 333.0,
                _ => 1e6,
            };
            let burst = 1 + random(20);
            let bucket = bucket(rate, u32::try_from(burst).expect("small"));
            let interval = bucket.interval;
            let mut now = random(1 << 40);
            let times: Vec<u64> = (0..400)
                .map(|_| {
                    now += match random(4) {
                        0 => 0,
                        1 => random(interval),
                        2 => random(3 * interval),
                        _ => random(interval / 8 + 1),
                    };
                    now
                })
                .collect();
            let kept = kept(&bucket, &times);
            for (first, start) in kept.iter().enumerate() {
                for (between, end) in (0_u64..).zip(kept.iter().skip(first)) {
                    let allowed = burst + (end - start) / interval;
                    assert!(between < allowed, "{rate} {burst} {start}..{end}");
                }
            }
            // A stream that comes twice an interval misses no token, and finds those that were saved.
            let steady: Vec<u64> =
                (0..1000).map(|n| now + 1_000 * interval + n * interval.div_ceil(2)).collect();
            let got = kept_since(&bucket, &steady);
            assert!(got >= burst - 1 + 500, "{rate} {burst}: {got}");
        }
    }

    fn kept_since(bucket: &Bucket, times: &[u64]) -> u64 {
        kept(bucket, times).len() as u64
    }

    #[test]
    fn eight_threads_at_once_take_each_token_once() {
        let bucket = bucket(1_000.0, 50);
        let taken: usize = thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| (0..2_000_u64).filter(|n| bucket.take(n * 100_000)).count()))
                .collect();
            threads.into_iter().map(|thread| thread.join().expect("no panic")).sum()
        });
        // 0.2 seconds of set time: 50 saved up and 199 more; each thread's clock runs by itself, none runs ahead.
        assert!((50..=50 + 199).contains(&taken), "{taken}");
    }

    #[test]
    fn rates_that_make_no_sense_keep_nothing_or_everything() {
        for rate in [0.0, -1.0, f64::NAN] {
            assert!(!RateLimit::per_second(rate).bucket.take(0), "{rate}");
        }
        let unlimited = RateLimit::per_second(f64::INFINITY);
        assert!((0..10_000).all(|_| unlimited.bucket.take(5)));
        let rare = RateLimit::per_second(1e-300);
        assert!(rare.bucket.take(0) && !rare.bucket.take(u64::MAX - 1));
    }
}
