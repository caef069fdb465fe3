//! `max_future` of nothing.

use wirespan::traced;

#[traced(max_future = 0)]
async fn step(run_id: u64) -> u64 {
    run_id
}

fn main() {
    drop(step(1));
}
