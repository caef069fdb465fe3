//! A few hundred small functions, each bare and annotated: same value, same panic, same drops in the same order, and futures
//! that are `Send` alike, whether nothing is installed, nothing is sampled, or everything is recorded.
//!
//! Each row of `rows!` is a type of parameter and result; each row becomes every shape of function, twice. A new shape is
//! added to `shapes!` and to `compare!`, a new type to `rows!`.
#![allow(
    unreachable_pub,
    clippy::all,
    clippy::pedantic,
    clippy::panic,
    reason = "shapes to be traced, not models of style"
)]

use std::cell::RefCell;
use std::fmt::Debug;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use wirespan::opentelemetry_sdk::trace::Sampler;
use wirespan_tests::install_with;

thread_local! {
    static DROPPED: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

/// Says when it is dropped.
#[derive(Debug, Clone)]
pub struct Noisy(&'static str);

impl Drop for Noisy {
    fn drop(&mut self) {
        DROPPED.with_borrow_mut(|dropped| dropped.push(self.0));
    }
}

/// What is seen of a call: the value as it debugs or the panic's text, and what was dropped.
fn observed<R: Debug>(call: impl FnOnce() -> R) -> (Result<String, String>, Vec<&'static str>) {
    DROPPED.take();
    let result = catch_unwind(AssertUnwindSafe(|| format!("{:?}", call())))
        .map_err(|payload| payload.downcast_ref::<String>().cloned().unwrap_or_default());
    (result, DROPPED.take())
}

/// Polls to the end, or so often; a future that must be `Send`.
fn polled<F: Future + Send>(polls: usize, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    (0..polls).find_map(|_| match future.as_mut().poll(&mut context) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    })
}

/// The functions of one type; `$attribute` is nothing, or ours.
macro_rules! shapes {
    ([$($attribute:tt)*] $type:ty) => {
        use super::super::*;
        $($attribute)* pub fn same(value: $type) -> $type { value }
        $($attribute)* pub fn early(value: $type, exit: u8) -> Option<$type> {
            if exit == 0 { return None; }
            Some(value)
        }
        $($attribute)* pub fn question(value: $type, text: &str) -> Result<$type, std::num::ParseIntError> {
            let _: u8 = text.parse()?;
            Ok(value)
        }
        $($attribute)* pub fn panics(value: $type, noisy: Noisy) -> $type {
            let _local = Noisy("local");
            if noisy.0 == "a" { panic!("{value:?} {}", noisy.0); }
            value
        }
        $($attribute)* pub fn drops(a: Noisy, (b, _): (Noisy, Noisy), _: Noisy, value: $type) -> $type {
            let _local = Noisy("local");
            drop(b);
            let _ = &a;
            value
        }
        $($attribute)* pub fn generic<T: Clone>(value: &T, _own: $type) -> (T, T) { (value.clone(), value.clone()) }
        $($attribute)* pub async fn same_later(value: $type) -> $type { value }
        $($attribute)* pub async fn question_later(value: $type, text: &str) -> Result<$type, std::num::ParseIntError> {
            tokio::task::yield_now().await;
            let _: u8 = text.parse()?;
            Ok(value)
        }
        $($attribute)* pub async fn panics_later(value: $type, noisy: Noisy) -> $type {
            let _local = Noisy("local");
            tokio::task::yield_now().await;
            if noisy.0 == "a" { panic!("{value:?} {}", noisy.0); }
            value
        }
        $($attribute)* pub async fn drops_later(a: Noisy, (b, _): (Noisy, Noisy), _: Noisy, value: $type) -> $type {
            let _local = Noisy("local");
            tokio::task::yield_now().await;
            drop(b);
            let _ = &a;
            value
        }
    };
}

/// All shapes of all types, bare and annotated, and the comparison of the two.
macro_rules! rows {
    ($($name:ident: $type:ty = $value:expr;)*) => {
        mod bare { $(pub mod $name { shapes!([] $type); })* }
        mod traced { $(pub mod $name { shapes!([#[wirespan::traced]] $type); })* }

        /// Compares all; how many functions there are.
        fn compare_all() -> usize {
            let mut functions = 0;
            $(functions += compare!($name, $value);)*
            functions
        }
    };
}

macro_rules! compare {
    ($name:ident, $value:expr) => {{
        macro_rules! same {
            ($function:ident, |$f:ident| $call:expr) => {{
                let bare = observed(|| {
                    let $f = bare::$name::$function;
                    $call
                });
                let traced = observed(|| {
                    let $f = traced::$name::$function;
                    $call
                });
                assert_eq!(bare, traced, "{}::{}", stringify!($name), stringify!($function));
                bare
            }};
        }
        let noisy = Noisy;
        let pair = || (Noisy("b"), Noisy("rest"));
        let _ = same!(same, |f| f($value));
        let _ = same!(early, |f| f($value, 0));
        let _ = same!(early, |f| f($value, 1));
        let _ = same!(question, |f| f($value, "x"));
        let _ = same!(question, |f| f($value, "7"));
        assert!(same!(panics, |f| f($value, noisy("a"))).0.is_err());
        let _ = same!(panics, |f| f($value, noisy("b")));
        assert!(same!(drops, |f| f(noisy("a"), pair(), noisy("wild"), $value)).1.len() >= 5);
        let _ = same!(generic, |f| f(&$value, $value));
        let _ = same!(same_later, |f| polled(1, f($value)));
        let _ = same!(question_later, |f| polled(2, f($value, "x")));
        let _ = same!(question_later, |f| polled(2, f($value, "7")));
        assert!(same!(panics_later, |f| polled(2, f($value, noisy("a")))).0.is_err());
        for polls in 0..3 {
            let _ = same!(drops_later, |f| polled(polls, f(noisy("a"), pair(), noisy("wild"), $value)));
        }
        10
    }};
}

rows! {
    unit: () = ();
    boolean: bool = true;
    character: char = 'x';
    int8: i8 = -8;
    int16: i16 = -16;
    int32: i32 = -32;
    int64: i64 = -64;
    int128: i128 = -128;
    word8: u8 = 8;
    word16: u16 = 16;
    word32: u32 = 32;
    word64: u64 = u64::MAX;
    word128: u128 = u128::MAX;
    size: usize = 1;
    float32: f32 = 0.5;
    float64: f64 = f64::INFINITY;
    text: String = "text".to_owned();
    borrowed: &'static str = "lent";
    bytes: Vec<u8> = vec![1, 2];
    list: Vec<String> = vec!["a".to_owned()];
    array: [u64; 3] = [1, 2, 3];
    tuple: (u8, String) = (1, "b".to_owned());
    option: Option<u64> = Some(1);
    nothing: Option<String> = None::<String>;
    outcome: Result<u8, String> = Err::<u8, String>("no".to_owned());
    boxed: Box<u64> = Box::new(1);
    shared: std::sync::Arc<str> = <std::sync::Arc<str>>::from("shared");
    path: std::path::PathBuf = std::path::PathBuf::from("a/b");
    address: std::net::Ipv4Addr = std::net::Ipv4Addr::LOCALHOST;
    duration: std::time::Duration = std::time::Duration::from_millis(1);
    map: std::collections::BTreeMap<String, u64> = std::collections::BTreeMap::from([("a".to_owned(), 1)]);
    noise: Noisy = Noisy("value");
}

#[test]
fn annotated_functions_do_what_bare_ones_do() {
    assert!(compare_all() >= 300);
    for recorded in [true, false] {
        let telemetry = install_with(|builder| {
            builder.sampler(if recorded { Sampler::AlwaysOn } else { Sampler::AlwaysOff })
        });
        compare_all();
        // 16 calls for each of 32 types; one future is never polled.
        assert_eq!(telemetry.spans().len(), if recorded { 32 * 15 } else { 0 });
    }
}
