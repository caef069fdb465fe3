//! Buckets that are none, and a histogram that needs some.

use wirespan::metrics::{Counter, Histogram, Metrics};

#[derive(Metrics)]
struct Shop {
    /// Orders.
    #[metric(name = "a", unit = "1", buckets = seconds)]
    a: Counter<u64>,
    /// Weights.
    #[metric(name = "b", unit = "g")]
    b: Histogram<u64>,
    /// Weights.
    #[metric(name = "c", unit = "g", buckets = secnds)]
    c: Histogram<u64>,
    /// Weights.
    #[metric(name = "d", unit = "g", buckets = [1, 1])]
    d: Histogram<u64>,
    /// Weights.
    #[metric(name = "e", unit = "g", buckets = [])]
    e: Histogram<u64>,
    /// Weights.
    #[metric(name = "f", unit = "g", buckets = [1, x])]
    f: Histogram<u64>,
    /// Weights.
    #[metric(name = "g", unit = "g", buckets = 7)]
    g: Histogram<u64>,
}

fn main() {}
