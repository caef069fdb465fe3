//! What is declared once for the whole program has no parameters.

use wirespan::metrics::{Counter, MetricAttributes, MetricValue, Metrics};

#[derive(Metrics)]
struct Shop<A> {
    /// Orders.
    #[metric(name = "a", unit = "{order}")]
    a: Counter<u64, A>,
}

#[derive(MetricAttributes)]
struct Labels<V> {
    value: V,
}

#[derive(MetricValue)]
enum Region<const N: usize> {
    Eu,
}

#[derive(Metrics)]
struct Tuple(Counter<u64>);

fn main() {}
