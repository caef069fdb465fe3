//! Labels are a struct, their values an enum.

use wirespan::metrics::{MetricAttributes, MetricValue};

#[derive(MetricAttributes)]
enum Labels {
    A,
}

#[derive(MetricValue)]
struct Region;

fn main() {}
