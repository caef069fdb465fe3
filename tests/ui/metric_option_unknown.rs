//! Options that there are not, in words and in form.

use wirespan::metrics::{Counter, Metrics};

#[derive(Metrics)]
struct Shop {
    /// Orders.
    #[metric(name = "shop.orders", uint = "1", unit = "1")]
    one: Counter<u64>,
    /// Orders.
    #[metric(name = "shop.others", description = "x", unit = "1", unit = "s")]
    two: Counter<u64>,
    /// Orders.
    #[metric(name = shop, unit)]
    three: Counter<u64>,
    /// Orders.
    #[metric(name = "shop.more" unit = "1")]
    four: Counter<u64>,
    /// Orders.
    #[metric]
    five: Counter<u64>,
}

#[derive(Metrics)]
#[metric(name = "shop")]
struct Empty {}

fn main() {}
