#![allow(dead_code)]

use wirespan::traced;

#[traced]
extern "C" fn step(n: u32) -> u32 {
    n * 2
}

fn main() {}
