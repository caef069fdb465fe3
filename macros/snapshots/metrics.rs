#[derive(Metrics)]
pub struct Shop {
    /// Orders that were placed.
    #[metric(name = "shop.orders", unit = "{order}", alias = "count_orders", alias_unit = "1")]
    orders: Counter<u64, Labels>,
    /// How long a checkout takes.
    #[metric(name = "shop.checkout.duration", unit = "s", buckets = seconds)]
    checkout: Histogram<Duration>,
    /// The weight of a parcel.
    #[metric(name = "shop.parcel", unit = "g", buckets = [100, 1e3])]
    parcel: Histogram<u64>,
}

#[derive(MetricAttributes)]
struct Labels {
    region: Region,
    #[metric(name = "shop.cached")]
    cached: bool,
}

#[derive(MetricValue)]
enum Region {
    Eu,
    #[metric(name = "us-east")]
    UsEast,
}
