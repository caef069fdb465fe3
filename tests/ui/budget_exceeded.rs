#![allow(dead_code)]

use wirespan::traced;

#[traced(budget = "1KiB")]
fn step(text: String, run_id: u64) {
    drop((text, run_id));
}

fn main() {}
