#![allow(dead_code)]

use wirespan::traced;

#[traced(fields(user = password))]
fn step(password: &str) -> usize {
    password.len()
}

fn main() {}
