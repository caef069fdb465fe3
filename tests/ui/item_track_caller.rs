#![allow(dead_code)]

use wirespan::traced;

#[traced]
#[track_caller]
fn step() {}

fn main() {}
