//! A label's value that holds something, one that repeats another, and one that is empty.

use wirespan::metrics::MetricValue;

#[derive(MetricValue)]
enum Region {
    Eu,
    #[metric(name = "eu")]
    Europe,
    Other(String),
    #[metric(name = "")]
    None,
}

#[derive(MetricValue)]
enum Never {}

fn main() {}
