//! An annotated function behaves as the bare one: same value, same early return, same panic, same drop order.
//!
//! Each case is written once and compiled twice by `both!`, bare and annotated. What is recorded is not looked at here.

#![allow(unsafe_code, reason = "unsafe functions can be traced, too")]
#![allow(
    clippy::pedantic,
    clippy::ptr_arg,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::toplevel_ref_arg,
    reason = "the functions are shapes to be traced, not models of style"
)]

use std::cell::RefCell;
use std::fmt::Display;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::Mutex;
use std::task::{Context, Poll, Waker};

thread_local! {
    static DROPPED: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

/// Says when it is dropped.
pub(crate) struct Noisy(&'static str);

impl Drop for Noisy {
    fn drop(&mut self) {
        DROPPED.with_borrow_mut(|dropped| dropped.push(self.0));
    }
}

fn dropped() -> Vec<&'static str> {
    DROPPED.take()
}

fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
}

/// The same items in two modules, `bare` and `traced`.
macro_rules! both {
    ($(fn_ { $($item:tt)* })*) => {
        /// As written.
        mod bare { use super::*; $($($item)*)* }
        /// The same, annotated.
        mod traced { use super::*; $(#[wirespan::traced] $($item)*)* }
    };
}

both! {
    fn_ { pub(crate) fn sum((a, b): (u64, u64), [first, .., last]: [u64; 3], &c: &u64) -> u64 { a + b + first + last + c } }
    fn_ { pub(crate) fn by_ref_mut((ref mut a, _): (String, u8), &mut (ref mut b, _): &mut (u8, u8), ref mut c: u8) -> String {
        a.push('!');
        *b += 1;
        *c += 1;
        format!("{a}{b}{c}")
    }}
    fn_ { pub(crate) async fn by_ref_mut_async((ref mut a, _): (String, u8), ref mut b: u8) -> String {
        tokio::task::yield_now().await;
        *b += 1;
        a.push('!');
        format!("{a}{b}")
    }}
    fn_ { pub(crate) fn drops(a: Noisy, (b, _): (Noisy, Noisy), _: Noisy, (_, c): (Noisy, Noisy)) -> usize {
        let _local = Noisy("local");
        drop(b);
        a.0.len() + c.0.len()
    } }
    fn_ { pub(crate) async fn drops_async(a: Noisy, (b, _): (Noisy, Noisy), _: Noisy, (_, c): (Noisy, Noisy)) -> usize {
        let _local = Noisy("local");
        std::future::ready(()).await;
        drop(b);
        a.0.len() + c.0.len()
    } }
    fn_ { pub(crate) fn early(text: &str) -> Result<u64, Box<dyn std::error::Error>> {
        if text.is_empty() {
            return Err("empty".into());
        }
        let number: u64 = text.parse()?;
        Ok(number)
    } }
    fn_ { pub(crate) async fn early_async(text: &str) -> Result<u64, Box<dyn std::error::Error>> {
        if text.is_empty() {
            return Err("empty".into());
        }
        let number: u64 = text.parse()?;
        Ok(number)
    } }
    fn_ { pub(crate) fn longest<'a>(values: &'a mut Vec<String>, _unused: &str) -> Option<&'a mut String> {
        values.iter_mut().max_by_key(|value| value.len())
    } }
    fn_ { pub(crate) fn shown(number: bool) -> Box<dyn Display> { if number { Box::new(1_u8) } else { Box::new("text") } }}
    fn_ { pub(crate) fn every<T: Clone, const N: usize>(values: [T; N], step: usize) -> impl Iterator<Item = T> {
        values.into_iter().step_by(step)
    } }
    fn_ { pub(crate) fn guarded(values: Mutex<Vec<u64>>) -> usize { values.lock().unwrap().len() } }
    fn_ { pub(crate) fn never(text: &str) -> ! { panic!("never {text}") } }
    fn_ { pub(crate) async fn never_async(text: &str) -> ! { panic!("never {text}") } }
    fn_ { pub(crate) fn panics(a: Noisy) -> u64 { panic!("panics {}", a.0) } }
    fn_ { pub(crate) unsafe fn read(pointer: *const u64) -> u64 { unsafe { *pointer } } }
    fn_ { pub(crate) fn boxed(n: u64) -> Pin<Box<dyn Future<Output = u64> + Send>> { Box::pin(async move { n + 1 }) } }
    fn_ { pub(crate) fn consumes(mut items: impl Iterator<Item = u64>) -> u64 { items.next().unwrap_or(0) + items.sum::<u64>() } }
}

fn noisy(prefix: usize) -> (Noisy, (Noisy, Noisy), Noisy, (Noisy, Noisy)) {
    let name = |index: usize| Noisy(["a", "b", "b rest", "wild", "c rest", "c"][(index + prefix) % 6]);
    (name(0), (name(1), name(2)), name(3), (name(4), name(5)))
}

#[test]
fn values_are_the_same() {
    let arguments = || ((1, 2), [3, 4, 5], &6);
    let (a, b, c) = arguments();
    assert_eq!(bare::sum(a, b, c), traced::sum(a, b, c));
    let text = || ("text".to_owned(), 1);
    assert_eq!(bare::by_ref_mut(text(), &mut (2, 3), 4), traced::by_ref_mut(text(), &mut (2, 3), 4));
    assert_eq!(block_on(bare::by_ref_mut_async(text(), 2)), block_on(traced::by_ref_mut_async(text(), 2)));
    for text in ["", "7", "x"] {
        let show =
            |result: Result<u64, Box<dyn std::error::Error>>| result.map_err(|error| error.to_string());
        assert_eq!(show(bare::early(text)), show(traced::early(text)));
        assert_eq!(show(block_on(bare::early_async(text))), show(block_on(traced::early_async(text))));
    }
    for number in [true, false] {
        assert_eq!(bare::shown(number).to_string(), traced::shown(number).to_string());
    }
    assert!(bare::every([1, 2, 3, 4], 2).eq(traced::every([1, 2, 3, 4], 2)));
    assert_eq!(bare::guarded(Mutex::new(vec![1])), traced::guarded(Mutex::new(vec![1])));
    assert_eq!(block_on(bare::boxed(1)), block_on(traced::boxed(1)));
    assert_eq!(bare::consumes(1..4), traced::consumes(1..4));
    let value = 5;
    // SAFETY: the pointer is made from a reference.
    let both = unsafe { (bare::read(&raw const value), traced::read(&raw const value)) };
    assert_eq!(both.0, both.1);
}

#[test]
fn a_borrowed_argument_can_be_returned() {
    let mut values = vec!["a".to_owned(), "bb".to_owned()];
    if let Some(longest) = traced::longest(&mut values, "") {
        longest.push('!');
    }
    assert_eq!(bare::longest(&mut values, "").map(|text| text.clone()), Some("bb!".to_owned()));
}

#[test]
fn parameters_drop_in_the_same_order() {
    let (a, b, c, d) = noisy(0);
    let bare = (bare::drops(a, b, c, d), dropped());
    let (a, b, c, d) = noisy(0);
    assert_eq!(bare, (traced::drops(a, b, c, d), dropped()));
    let (a, b, c, d) = noisy(0);
    let bare = (block_on(bare::drops_async(a, b, c, d)), dropped());
    let (a, b, c, d) = noisy(0);
    assert_eq!(bare, (block_on(traced::drops_async(a, b, c, d)), dropped()));
    let (a, b, c, d) = noisy(0);
    drop(bare::drops_async(a, b, c, d));
    let unpolled = dropped();
    let (a, b, c, d) = noisy(0);
    drop(traced::drops_async(a, b, c, d));
    assert_eq!(unpolled, dropped());
}

#[test]
fn panics_go_on_unchanged() {
    let message = |run: &dyn Fn()| {
        let payload = catch_unwind(AssertUnwindSafe(run)).unwrap_err();
        (payload.downcast_ref::<String>().cloned(), dropped())
    };
    let bare = message(&|| assert_eq!(bare::panics(Noisy("a")), 0));
    assert_eq!(bare, message(&|| assert_eq!(traced::panics(Noisy("a")), 0)));
    assert_eq!(message(&|| bare::never("x")), message(&|| traced::never("x")));
    assert_eq!(
        message(&|| block_on(bare::never_async("x"))),
        message(&|| block_on(traced::never_async("x")))
    );
}

/// Drops its fields in declared order, as long as it is moved as a whole.
struct Owner {
    _first: Noisy,
    second: Noisy,
}

impl Owner {
    fn bare(self, other: Noisy) -> usize {
        self.second.0.len() + other.0.len()
    }

    #[wirespan::traced]
    fn traced(self, other: Noisy) -> usize {
        self.second.0.len() + other.0.len()
    }

    #[wirespan::traced]
    async fn traced_async(self, other: Noisy) -> usize {
        self.second.0.len() + other.0.len()
    }
}

#[test]
fn an_owned_receiver_drops_whole_and_last() {
    let owner = || Owner { _first: Noisy("first"), second: Noisy("second") };
    let bare = (owner().bare(Noisy("other")), dropped());
    assert_eq!(bare, (owner().traced(Noisy("other")), dropped()));
    assert_eq!(bare, (block_on(owner().traced_async(Noisy("other"))), dropped()));
}

struct Generic<T>(T);

impl<T: Clone> Generic<T> {
    #[wirespan::traced(budget = "1KiB", max_value = 100)]
    fn new(value: T, label: &str) -> Self {
        let _ = label;
        Self(value)
    }
}

#[test]
fn a_budget_may_name_the_parameters_of_the_impl() {
    assert_eq!(Generic::new(5_u64, "label").0, 5);
}
