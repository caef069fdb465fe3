#![allow(dead_code)]

use wirespan::traced;

struct Quiet;

#[traced(skip_all, record(a))]
fn step(a: Quiet) {
    drop(a);
}

fn main() {}
