//! `metrics` is a word alone.

use wirespan::traced;

#[traced(metrics = "all")]
fn step(run_id: u64) -> u64 {
    run_id
}

fn main() {
    step(1);
}
