//! Aliases that are none.

use wirespan::metrics::{Counter, Metrics};

#[derive(Metrics)]
struct Shop {
    /// Orders.
    #[metric(name = "a", unit = "{order}", alias = "a")]
    a: Counter<u64>,
    /// Bytes.
    #[metric(name = "b", unit = "By", alias = "bytes_ms", alias_unit = "ms")]
    b: Counter<u64>,
    /// Orders.
    #[metric(name = "c", unit = "{order}", alias_unit = "1")]
    c: Counter<u64>,
}

fn main() {}
