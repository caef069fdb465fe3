#![allow(dead_code)]

use wirespan::traced;

#[traced(record(a))]
fn step<T>(a: T) {
    drop(a);
}

fn main() {}
