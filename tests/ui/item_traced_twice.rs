#![allow(dead_code)]

use wirespan::traced;

#[traced(name = "a")]
#[traced(kind = "client")]
fn step() {}

fn main() {}
