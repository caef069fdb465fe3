#![allow(dead_code)]

use wirespan::traced;

#[traced(cancel = "panic")]
async fn step(run_id: u64) -> u64 {
    run_id
}

fn main() {}
