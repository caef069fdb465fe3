#![allow(dead_code)]

use wirespan::traced;

#[traced(crate = "wirespan")]
fn step(a: u32) -> u32 {
    a
}

fn main() {}
