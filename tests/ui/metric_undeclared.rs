//! An instrument of which nothing is said.

use wirespan::metrics::{Counter, Metrics};

#[derive(Metrics)]
struct Shop {
    orders: Counter<u64>,
}

fn main() {}
