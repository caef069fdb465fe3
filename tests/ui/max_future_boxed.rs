//! `max_future` on a function whose future is in a box.

use std::future::Future;
use std::pin::Pin;
use wirespan::traced;

#[traced(max_future = "2KiB")]
fn step(run_id: u64) -> Pin<Box<dyn Future<Output = u64>>> {
    Box::pin(async move { run_id })
}

fn main() {
    drop(step(1));
}
