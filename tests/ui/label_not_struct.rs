//! Labels that are no struct of ours.

use wirespan::metrics::{Counter, Metrics};

#[derive(Metrics)]
struct Shop {
    /// Orders.
    #[metric(name = "shop.orders", unit = "{order}")]
    orders: Counter<u64, String>,
}

fn main() {
    Shop::get().orders.add(1, &String::from("eu"));
}
