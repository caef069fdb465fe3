//! Typed instruments and measured functions compile where a program forbids unsafe code and every warning, whatever its names are.

#![forbid(unsafe_code)]
#![deny(warnings, unused_qualifications, unreachable_pub, missing_docs, let_underscore_drop)]
#![no_implicit_prelude]

use ::wirespan::metrics::{
    Counter, Gauge, Histogram, MetricAttributes, MetricValue, Metrics, Name, Names, UpDownCounter,
};

/// What became of an order.
#[derive(MetricValue)]
pub enum Outcome {
    /// It was paid.
    Paid,
    /// It was not.
    #[metric(name = "not-paid")]
    Declined,
}

/// The labels of orders.
#[derive(MetricAttributes)]
pub struct Labels {
    outcome: Outcome,
    #[metric(name = "shop.article")]
    article: ::std::option::Option<Name>,
    r#type: bool,
}

/// The instruments.
#[derive(Metrics)]
pub struct Shop {
    /// Orders that were placed.
    #[metric(name = "shop.orders", unit = "{order}", alias = "count_orders", alias_unit = "1")]
    pub orders: Counter<u64, Labels>,
    /// Carts that are open.
    #[metric(name = "shop.carts", unit = "{cart}")]
    pub carts: UpDownCounter<i64>,
    /// The temperature of the store.
    #[metric(name = "shop.temperature", unit = "Cel")]
    pub temperature: Gauge<f64>,
    /// How long a checkout takes.
    #[metric(name = "shop.checkout.duration", unit = "s", buckets = seconds)]
    pub checkout: Histogram<::std::time::Duration>,
    /// The weight of a parcel.
    #[metric(name = "shop.parcel", unit = "g", buckets = [100, 1e3, 2.5e3])]
    pub r#parcel: Histogram<u64>,
    #[cfg(any())]
    /// One that is left out.
    #[metric(name = "shop.none", unit = "1")]
    pub none: Counter<u64>,
}

static ARTICLES: Names = Names::first(10, 32);

mod wirespan {}
mod linkme {}
mod opentelemetry {}

#[::wirespan::traced(metrics)]
fn place(shop: &Shop, article: &str, reason: u8) -> ::std::result::Result<u8, ::std::fmt::Error> {
    let article = ::std::option::Option::Some(ARTICLES.name(article));
    let outcome = if reason == 0 { Outcome::Paid } else { Outcome::Declined };
    shop.orders.add(1, &Labels { outcome, article, r#type: true });
    if reason > 1 { ::std::result::Result::Err(::std::fmt::Error) } else { ::std::result::Result::Ok(reason) }
}

#[::wirespan::traced(metrics)]
impl Shop {
    async fn check_out(&self) {
        let _timer = self.checkout.start(());
        self.carts.add(-1, &());
    }

    fn weigh(&self, grams: u64) {
        self.parcel.bind(&()).record(grams);
        self.temperature.record(4.0, &());
    }
}

fn main() {
    let shop = Shop::get();
    let results = [place(shop, "kettle", 0), place(shop, "kettle", 1), place(&Shop::new(), "kettle", 2)];
    ::std::assert!(results[0].is_ok() && results[1].is_ok() && results[2].is_err());
    shop.weigh(3);
    ::std::mem::drop(shop.check_out());
    let own = |declared: &::wirespan::metrics::Declared| declared.name().starts_with("shop.");
    let declared = ::std::iter::Iterator::filter(::wirespan::metrics::instruments(), own);
    ::std::assert_eq!(::std::iter::Iterator::count(declared), 5);
}
