//! What a span costs a future in bytes, whatever the function takes, keeps and returns: an `async fn`'s two words, of which the tests
//! allow four; that of another function, which is covered, at most 128.

#![expect(clippy::large_types_passed_by_value, clippy::unused_async, reason = "what is measured")]

use std::future::{Future, ready};

use wirespan::traced;
use wirespan_tests::install;
use wirespan_tests::look::block_on;

/// The most bytes by which the future of a traced `async fn` is larger than that of the bare one.
const MOST: usize = 32;
/// The same of a future that another function made, which is covered.
const MOST_COVERED: usize = 128;

/// The same items in two modules, bare and annotated; and the sizes of their futures by the same calls.
macro_rules! both {
    ({ $($item:item)* } $($call:expr;)*) => {
        mod bare {
            use super::*;
            $($item)*
            pub(super) fn sizes() -> Vec<(&'static str, usize)> { vec![$((stringify!($call), size_of_val(&$call))),*] }
        }
        mod annotated {
            use super::*;
            $(#[traced] $item)*
            pub(super) fn sizes() -> Vec<(&'static str, usize)> { vec![$((stringify!($call), size_of_val(&$call))),*] }
        }
    };
}

/// Waits, so that what is alive is stored in the future.
async fn pause() {
    tokio::task::yield_now().await;
}

both! {
    {
    pub(super) async fn nothing() { pause().await; }

    pub(super) async fn at_once(number: u64) -> u64 { number }

    pub(super) async fn scalars(left: u64, right: u32) -> u64 { pause().await; left + u64::from(right) }

    pub(super) async fn borrows(text: &str, words: &mut Vec<String>) -> usize {
        pause().await;
        words.push(text.to_owned());
        words.len()
    }

    pub(super) async fn owns(text: String, words: Vec<String>) -> Result<String, Vec<String>> {
        pause().await;
        if words.is_empty() { Ok(text) } else { Err(words) }
    }

    pub(super) async fn large_argument(bytes: [u8; 4096], at: usize) -> Option<u8> {
        pause().await;
        bytes.get(at).copied()
    }

    pub(super) async fn unused_argument(_bytes: [u8; 4096], at: usize) -> usize { pause().await; at }

    pub(super) async fn large_local(number: u8) -> usize {
        let bytes = [number; 4096];
        pause().await;
        bytes.len()
    }

    pub(super) async fn large_result(number: u8) -> [u8; 4096] { pause().await; [number; 4096] }

    pub(super) async fn patterns((left, right): ([u8; 512], [u8; 512]), [first, .., last]: [u64; 64]) -> u64 {
        pause().await;
        u64::from(left.len() == right.len()) + first + last
    }

    pub(super) async fn generic<T: Clone, const N: usize>(values: [T; N]) -> Option<T> {
        pause().await;
        values.first().cloned()
    }

    pub(super) async fn awaits_in_turn(bytes: [u8; 256]) -> usize {
        let first = large_argument(super::wide(), 1).await;
        let second = large_local(2).await;
        pause().await;
        bytes.len() + second + usize::from(first.unwrap_or(0))
    }
    }

    nothing();
    at_once(1);
    scalars(1, 2);
    borrows("text", &mut Vec::new());
    owns(String::new(), Vec::new());
    large_argument(wide(), 7);
    unused_argument(wide(), 7);
    large_local(1);
    large_result(1);
    patterns(([1; 512], [2; 512]), [3; 64]);
    generic([1_u16; 300]);
}

fn wide() -> [u8; 4096] {
    [9; 4096]
}

#[test]
fn a_traced_future_is_at_most_32_bytes_larger_than_the_bare_one() {
    for ((call, bare), (_, annotated)) in bare::sizes().into_iter().zip(annotated::sizes()) {
        assert!(annotated <= bare + MOST, "{call}: {bare} bytes bare, {annotated} annotated");
    }
}

#[test]
fn each_traced_future_in_a_future_adds_its_own_bytes_only() {
    let (bare, annotated) = (bare::awaits_in_turn([0; 256]), annotated::awaits_in_turn([0; 256]));
    let (bare, annotated) = (size_of_val(&bare), size_of_val(&annotated));
    assert!(annotated <= bare + 2 * MOST, "{bare} bytes bare, {annotated} annotated");
}

struct Buffer([u8; 2048]);

impl Buffer {
    async fn bare(self, at: usize) -> Option<u8> {
        pause().await;
        self.0.get(at).copied()
    }

    #[traced]
    async fn annotated(self, at: usize) -> Option<u8> {
        pause().await;
        self.0.get(at).copied()
    }
}

#[test]
fn an_owned_receiver_is_stored_once() {
    let (bare, annotated) =
        (size_of_val(&Buffer([0; 2048]).bare(1)), size_of_val(&Buffer([0; 2048]).annotated(1)));
    assert!(annotated <= bare + MOST, "{bare} bytes bare, {annotated} annotated");
}

#[traced]
fn covered(bytes: [u8; 1024]) -> impl Future<Output = usize> {
    ready(bytes).then_len()
}

/// A future of a known size that another function made.
trait ThenLen: Future<Output = [u8; 1024]> + Sized {
    async fn then_len(self) -> usize {
        self.await.len()
    }
}

impl ThenLen for std::future::Ready<[u8; 1024]> {}

#[test]
fn a_covered_future_is_at_most_128_bytes_larger_than_what_was_returned() {
    let (bare, covered) = (size_of_val(&ready([0; 1024]).then_len()), size_of_val(&covered([0; 1024])));
    assert!(covered <= bare + MOST_COVERED, "{bare} bytes bare, {covered} covered");
}

#[traced(max_future = "1KiB")]
async fn limited(number: u64) -> u64 {
    pause().await;
    number
}

#[traced(max_future = "1KiB")]
fn limited_later(number: u64) -> impl Future<Output = u64> {
    limited(number)
}

#[traced(max_future = "1KiB")]
async fn limited_never(number: u64) -> ! {
    std::future::pending::<u64>().await;
    std::process::exit(i32::try_from(number).unwrap_or(1))
}

#[traced(max_future = "1KiB", name_prefix = "limits.")]
impl Buffer {
    fn first(&self) -> Option<u8> {
        self.0.first().copied()
    }

    async fn last(&self) -> Option<u8> {
        pause().await;
        self.0.last().copied()
    }
}

#[test]
fn a_future_within_its_limit_is_what_it_was() {
    let telemetry = install();
    assert_eq!(block_on(limited_later(7)), 7);
    assert_eq!((Buffer([1; 2048]).first(), block_on(Buffer([2; 2048]).last())), (Some(1), Some(2)));
    assert!(wirespan_tests::look::poll_once(std::pin::pin!(async { limited_never(1).await })).is_pending());
    let (inner, outer) = (telemetry.span("limited"), telemetry.span("limited_later"));
    assert_eq!(inner.parent_span_id, outer.span_context.span_id());
    telemetry.span("limits.last");
}
