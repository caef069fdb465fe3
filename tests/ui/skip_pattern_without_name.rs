#![allow(dead_code)]

use wirespan::traced;

#[traced(skip(point))]
fn step((): ()) {}

fn main() {}
