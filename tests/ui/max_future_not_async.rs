//! `max_future` on a function without a future.

use wirespan::traced;

#[traced(max_future = "2KiB")]
fn step(run_id: u64) -> u64 {
    run_id
}

fn main() {
    step(1);
}
