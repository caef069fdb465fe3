//! Labels whose values have no end.

use wirespan::metrics::MetricAttributes;

#[derive(MetricAttributes)]
struct Labels {
    name: String,
    text: &'static str,
    id: u64,
    maybe: Option<u32>,
}

fn main() {}
