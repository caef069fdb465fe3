//! With telemetry on, an annotated function does what the bare one does: its future is `Send` where that was, borrows, early
//! returns and recursion work, and values are dropped in the same order. `functions.rs` compares the same without telemetry.

#![expect(clippy::panic, clippy::needless_pass_by_value, reason = "compared with the bare ones")]

use std::cell::RefCell;
use std::future::Future;
use std::num::ParseIntError;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::MutexGuard;

use wirespan::opentelemetry::Value;
use wirespan::opentelemetry::trace::Status;
use wirespan_tests::install;
use wirespan_tests::look::{block_on, error_text, poll_once, value};

thread_local! {
    static DROPPED: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

/// Says when it is dropped.
struct Noisy(&'static str);

impl Drop for Noisy {
    fn drop(&mut self) {
        DROPPED.with_borrow_mut(|dropped| dropped.push(self.0));
    }
}

/// How a call went: what it gave, and what it dropped in which order.
fn observed<R>(call: impl FnOnce() -> R) -> (Option<R>, Vec<&'static str>) {
    DROPPED.take();
    let result = catch_unwind(AssertUnwindSafe(call)).ok();
    (result, DROPPED.take())
}

/// The same items in two modules, bare and annotated.
macro_rules! both {
    ($($item:item)*) => {
        mod bare { use super::*; $($item)* }
        mod traced { use super::*; $(#[wirespan::traced] $item)* }
    };
}

both! {
    pub(crate) fn order(a: Noisy, (b, _): (Noisy, Noisy), _: Noisy, exit: u8) -> Result<usize, ParseIntError> {
        let _first = Noisy("first local");
        let second = Noisy("second local");
        match exit {
            0 => return Ok(0),
            1 => { let _: u8 = "x".parse()?; }
            2 => panic!("exit"),
            _ => drop(b),
        }
        Ok(a.0.len() + second.0.len())
    }

    pub(crate) async fn order_async(a: Noisy, (b, _): (Noisy, Noisy), _: Noisy, exit: u8) -> Result<usize, ParseIntError> {
        let _first = Noisy("first local");
        tokio::task::yield_now().await;
        let second = Noisy("second local");
        match exit {
            0 => return Ok(0),
            1 => { let _: u8 = "x".parse()?; }
            2 => panic!("exit"),
            3 => std::future::pending::<()>().await,
            _ => drop(b),
        }
        Ok(a.0.len() + second.0.len())
    }

    pub(crate) fn tail_temporary(a: Noisy) -> usize { Noisy("temporary").0.len() + a.0.len() }

    pub(crate) fn largest(values: &mut [u64], floor: u64) -> Option<&mut u64> {
        let largest = values.iter_mut().max()?;
        if *largest < floor {
            return None;
        }
        Some(largest)
    }

    pub(crate) fn sum(text: &str) -> Result<u64, ParseIntError> {
        if text.is_empty() {
            return Ok(0);
        }
        let mut total = 0;
        for word in text.split(' ') {
            total += word.parse::<u64>()?;
        }
        Ok(total)
    }

    pub(crate) async fn sum_async(text: &str) -> Result<u64, ParseIntError> {
        if text.is_empty() {
            return Ok(0);
        }
        let mut total = 0;
        for word in text.split(' ') {
            tokio::task::yield_now().await;
            total += word.parse::<u64>()?;
        }
        Ok(total)
    }

    pub(crate) fn fibonacci(n: u64) -> u64 { if n < 2 { n } else { fibonacci(n - 1) + fibonacci(n - 2) } }

    pub(crate) async fn fibonacci_async(n: u64) -> u64 {
        if n < 2 {
            return n;
        }
        tokio::task::yield_now().await;
        Box::pin(fibonacci_async(n - 1)).await + Box::pin(fibonacci_async(n - 2)).await
    }

    pub(crate) fn fibonacci_boxed(n: u64) -> Pin<Box<dyn Future<Output = u64> + Send>> {
        Box::pin(async move { if n < 2 { n } else { fibonacci_boxed(n - 1).await + fibonacci_boxed(n - 2).await } })
    }
}

fn arguments() -> (Noisy, (Noisy, Noisy), Noisy) {
    (Noisy("a"), (Noisy("b"), Noisy("rest of b")), Noisy("wild"))
}

#[test]
fn values_drop_in_the_same_order_however_the_function_ends() {
    let telemetry = install();
    for exit in 0..5 {
        let bare = observed(|| {
            let (a, b, c) = arguments();
            bare::order(a, b, c, exit)
        });
        let traced = observed(|| {
            let (a, b, c) = arguments();
            traced::order(a, b, c, exit)
        });
        assert_eq!(bare, traced, "exit {exit}");
        assert!(!bare.1.is_empty());
    }
    assert_eq!(
        observed(|| bare::tail_temporary(Noisy("a"))),
        observed(|| traced::tail_temporary(Noisy("a")))
    );
    assert_eq!(telemetry.spans().len(), 6);
}

#[test]
fn values_of_an_async_function_drop_in_the_same_order() {
    /// Polls `polls` times, then drops.
    fn polled<R>(polls: u32, future: impl Future<Output = R>) -> Option<R> {
        let mut future = Box::pin(future);
        (0..polls).find_map(|_| match poll_once(future.as_mut()) {
            std::task::Poll::Ready(result) => Some(result),
            std::task::Poll::Pending => None,
        })
    }
    let telemetry = install();
    for (exit, polls) in [(0, 2), (1, 2), (2, 2), (3, 2), (4, 2), (4, 1), (4, 0)] {
        let bare = observed(|| {
            let (a, b, c) = arguments();
            polled(polls, bare::order_async(a, b, c, exit))
        });
        let traced = observed(|| {
            let (a, b, c) = arguments();
            polled(polls, traced::order_async(a, b, c, exit))
        });
        assert_eq!(bare, traced, "exit {exit} after {polls} polls");
        assert!(!bare.1.is_empty());
    }
    assert_eq!(telemetry.spans().len(), 6);
}

#[test]
fn early_returns_and_question_marks_end_the_span_with_what_they_return() {
    for (text, failed) in [("", false), ("1 2 3", false), ("1 x 3", true)] {
        let telemetry = install();
        let result = traced::sum(text);
        assert_eq!(result, bare::sum(text));
        assert_eq!(block_on(traced::sum_async(text)), block_on(bare::sum_async(text)));
        let spans = telemetry.spans();
        assert_eq!(spans.len(), 2);
        for span in spans {
            let expected = result.as_ref().err().map(ToString::to_string);
            assert_eq!(error_text(&span), expected.as_deref());
            assert_eq!(span.status == Status::Ok, !failed);
            assert_eq!(span.events.len(), usize::from(failed));
        }
    }
}

#[test]
fn a_mutable_borrow_can_be_returned() {
    let telemetry = install();
    let mut values = [3, 9, 4];
    *traced::largest(&mut values, 5).expect("nine is more") += 1;
    assert_eq!(values, [3, 10, 4]);
    assert_eq!(traced::largest(&mut values, 50), None);
    assert_eq!(bare::largest(&mut values, 5), Some(&mut 10));
    assert_eq!(telemetry.spans().len(), 2);
}

#[test]
fn every_level_of_a_recursion_has_its_span() {
    let telemetry = install();
    assert_eq!(traced::fibonacci(6), bare::fibonacci(6));
    assert_eq!(telemetry.spans().len(), 25);
    for span in telemetry.spans() {
        let Some(Value::I64(number)) = value(&span, "parameter.n") else { unreachable!("{span:#?}") };
        let below = span.children().len();
        assert_eq!(below, if number < 2 { 0 } else { 2 }, "{number}");
    }
}

#[test]
fn every_level_of_an_async_recursion_has_its_span() {
    let telemetry = install();
    let bare = block_on(bare::fibonacci_async(6));
    assert_eq!(block_on(traced::fibonacci_async(6)), bare);
    for span in telemetry.spans() {
        let Some(Value::I64(number)) = value(&span, "parameter.n") else { unreachable!("{span:#?}") };
        let below = span.children().len();
        assert_eq!(below, if number < 2 { 0 } else { 2 }, "{number}");
    }
    assert_eq!(telemetry.spans().len(), 25);
    let boxed = block_on(bare::fibonacci_boxed(6));
    assert_eq!(block_on(traced::fibonacci_boxed(6)), boxed);
}

#[wirespan::traced]
async fn holds_across_await(
    name: &str,
    values: &mut Vec<String>,
) -> Result<usize, Box<dyn std::error::Error + Send>> {
    values.push(name.to_owned());
    tokio::task::yield_now().await;
    Ok(values.len())
}

#[wirespan::traced]
async fn takes_any<T: Send + 'static, F: AsyncFnOnce(T) -> u64>(value: T, call: F) -> u64 {
    call(value).await
}

#[wirespan::traced]
async fn not_send(value: Rc<u64>) -> u64 {
    tokio::task::yield_now().await;
    *value
}

/// A method whose future borrows its receiver.
struct Service(u64);

impl Service {
    #[wirespan::traced]
    async fn answer(&self, guard: &MutexGuard<'_, u64>) -> u64 {
        let sum = **guard + self.0;
        tokio::task::yield_now().await;
        sum
    }
}

/// Compiles for what may go to another thread.
fn assert_send<T: Send>(value: T) -> T {
    value
}

#[test]
fn a_future_is_send_when_the_bare_one_is() {
    let telemetry = install();
    let mut values = Vec::new();
    assert_eq!(block_on(assert_send(holds_across_await("x", &mut values))).ok(), Some(1));
    assert_eq!(block_on(takes_any(7, async |number| number)), 7);
    assert_eq!(block_on(not_send(Rc::new(7))), 7);
    let lock = std::sync::Mutex::new(1);
    let guard = lock.lock().expect("not poisoned");
    assert_eq!(block_on(Service(6).answer(&guard)), 7);
    drop(assert_send(traced::sum_async("")));
    drop(assert_send(traced::fibonacci_boxed(1)));
    drop(guard);
    assert_eq!(telemetry.spans().len(), 5);
}

#[test]
fn a_future_runs_on_whichever_thread_polls_it() {
    let telemetry = install();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(3).build().expect("a runtime");
    let sums: Vec<u64> = runtime.block_on(async {
        let tasks: Vec<_> = (0..50).map(|_| tokio::spawn(traced::sum_async("1 2 3 4"))).collect();
        let mut sums = Vec::new();
        for task in tasks {
            sums.push(task.await.expect("it does not panic").expect("it is a number"));
        }
        sums
    });
    assert_eq!(sums, [10; 50]);
    assert!(telemetry.spans().iter().all(|span| span.status == Status::Ok));
    assert_eq!(telemetry.spans().len(), 50);
}
