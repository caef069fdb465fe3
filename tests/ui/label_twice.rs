//! Two labels of one name, and one without.

use wirespan::metrics::MetricAttributes;

#[derive(MetricAttributes)]
struct Labels {
    cached: bool,
    #[metric(name = "cached")]
    again: bool,
    #[metric(name = "")]
    empty: bool,
}

fn main() {}
