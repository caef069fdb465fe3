#![allow(dead_code)]

use wirespan::traced;

struct Quiet;

#[traced(serde(a))]
fn step(a: Quiet) {
    drop(a);
}

fn main() {}
