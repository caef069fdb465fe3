//! Fields that are no instruments, or of a number that the instrument does not take.

use wirespan::metrics::{Counter, Metrics};

#[derive(Metrics)]
struct Shop {
    /// Orders.
    #[metric(name = "a", unit = "{order}")]
    a: u64,
    /// Orders.
    #[metric(name = "b", unit = "{order}")]
    b: Counter<i64>,
}

fn main() {}
