#![allow(dead_code)]

use wirespan::traced;

#[traced(skip(_))]
fn step(_: u64) {}

fn main() {}
