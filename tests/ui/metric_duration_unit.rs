//! Durations are in seconds.

use std::time::Duration;
use wirespan::metrics::{Histogram, Metrics};

#[derive(Metrics)]
struct Shop {
    /// How long a checkout takes.
    #[metric(name = "shop.checkout.duration", unit = "ms")]
    checkout: Histogram<Duration>,
}

fn main() {}
