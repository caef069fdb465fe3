//! Names and units that OpenTelemetry does not have.

use wirespan::metrics::{Counter, Metrics};

#[derive(Metrics)]
struct Shop {
    /// One.
    #[metric(name = "1st", unit = "1")]
    one: Counter<u64>,
    /// Two.
    #[metric(name = "shop orders", unit = "1")]
    two: Counter<u64>,
    /// Three.
    #[metric(name = "", unit = "")]
    three: Counter<u64>,
    /// Four.
    #[metric(name = "shop.orders", unit = "1")]
    four: Counter<u64>,
    /// Five.
    #[metric(name = "shop.orders", unit = "1")]
    five: Counter<u64>,
}

fn main() {}
