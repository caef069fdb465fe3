#![allow(dead_code)]

use wirespan::traced;

#[traced(display(a), serde(a))]
fn step(a: u32) -> u32 {
    a
}

fn main() {}
