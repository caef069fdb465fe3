//! A service with everything switched on by one call: spans, metrics and logs of a shop that takes orders.
//!
//! `cargo run -p wirespan-examples --bin service` prints trees of spans and lines of logs; with
//! `OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318` spans, metrics and logs go there. Nothing here prints by itself.

use std::fmt;
use std::sync::LazyLock;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::sleep;
use wirespan::opentelemetry::metrics::Counter;
use wirespan::opentelemetry::{KeyValue, global};
use wirespan::{FutureExt as _, context, traced};

/// Counts what became of orders.
static ORDERS: LazyLock<Counter<u64>> = LazyLock::new(|| {
    let meter = global::meter("shop");
    meter.u64_counter("shop.orders").with_unit("{order}").with_description("Orders that were placed.").build()
});

#[derive(Debug)]
enum ShopError {
    SoldOut(&'static str),
    Declined,
}

impl fmt::Display for ShopError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SoldOut(article) => write!(f, "no {article} is left"),
            Self::Declined => f.write_str("the card was declined"),
        }
    }
}

impl std::error::Error for ShopError {}

#[traced(kind = "server")]
async fn place_order(number: u64, article: &'static str, card_token: &str) -> Result<u64, ShopError> {
    let left = reserve(article).await?;
    charge(number, card_token).await?;
    tracing::info!(article, left, "order placed");
    Ok(number)
}

#[traced(kind = "client")]
async fn reserve(article: &'static str) -> Result<u64, ShopError> {
    sleep(Duration::from_millis(2)).await;
    if article == "umbrella" { Err(ShopError::SoldOut(article)) } else { Ok(41) }
}

// `card_token` is named like a secret, so it is redacted.
#[traced(kind = "client")]
async fn charge(number: u64, card_token: &str) -> Result<(), ShopError> {
    sleep(Duration::from_millis(3)).await;
    if card_token.is_empty() {
        tracing::warn!(number, "the customer has no card");
        return Err(ShopError::Declined);
    }
    Ok(())
}

/// One request: the attributes of its context are on every span and log record below.
async fn request(number: u64, article: &'static str, card_token: &'static str) {
    let outcome = match place_order(number, article, card_token).await {
        Ok(_) => "placed",
        Err(ShopError::SoldOut(_)) => "sold_out",
        Err(ShopError::Declined) => "declined",
    };
    ORDERS.add(1, &[KeyValue::new("shop.outcome", outcome)]);
}

#[tokio::main]
async fn main() -> Result<(), wirespan::Error> {
    let telemetry = wirespan::init()?;
    tracing::info!("the shop is open");
    let mut requests = JoinSet::new();
    let tenant = |name: &'static str| context::scope().with("tenant.id", name);
    requests.spawn(request(1, "kettle", "4929 1234 5678 9012").in_context(tenant("blue")));
    requests.spawn(request(2, "umbrella", "4929 1234 5678 9012").in_context(tenant("green")));
    requests.spawn(request(3, "kettle", "").in_context(tenant("blue")));
    while requests.join_next().await.is_some() {}
    tracing::info!("the shop is closed");
    telemetry.shutdown(Duration::from_secs(5))?;
    Ok(())
}
