#![allow(dead_code)]

use wirespan::traced;

#[traced]
const fn limit(n: u32) -> u32 {
    n * 2
}

fn main() {}
