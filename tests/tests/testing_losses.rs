//! A recording that cannot show all spans fails, and says what became of the others.

use std::cell::RefCell;
use std::future::pending;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::thread;

use wirespan::testing::Recording;
use wirespan::traced;
use wirespan_tests::look::poll_once;

#[traced]
async fn waits() {
    pending::<()>().await;
}

thread_local! {
    static KEPT: RefCell<Option<Pin<Box<dyn Future<Output = ()>>>>> = const { RefCell::new(None) };
}

#[test]
fn a_loss_fails_every_capture_of_its_time_and_no_other() {
    let recording = Recording::start();
    let scope = recording.scope();
    thread::spawn(move || {
        // Used first, it is destroyed last: the span ends where it cannot be recorded any more.
        KEPT.with_borrow_mut(Option::take);
        let _inside = scope.enter();
        let mut future: Pin<Box<dyn Future<Output = ()>>> = Box::pin(waits());
        assert!(poll_once(future.as_mut()).is_pending());
        KEPT.set(Some(future));
    })
    .join()
    .expect("a destructor does not panic");
    // Told again as often as it is asked.
    for _ in 0..2 {
        let payload = catch_unwind(AssertUnwindSafe(|| recording.spans())).expect_err("a span is lost");
        assert_eq!(
            *payload.downcast::<String>().expect("a text"),
            "1 spans of this process were lost since the recording started\n\
             ledger of this process: 1 started, 0 delivered, 1 dropped (thread_gone: 1), 0 pending, 0 open"
        );
    }
    assert_eq!(Recording::start().spans().len(), 0);
}
