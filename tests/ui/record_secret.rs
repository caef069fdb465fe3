#![allow(dead_code)]

use wirespan::traced;

#[traced(record(password))]
fn step(password: &str) -> usize {
    password.len()
}

fn main() {}
