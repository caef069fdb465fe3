#![allow(dead_code)]

use wirespan::traced;

#[traced(skip(a))]
fn step() {}

fn main() {}
