#![allow(dead_code)]

use wirespan::traced;

#[traced(crate = 7)]
fn step(a: u32) -> u32 {
    a
}

fn main() {}
