//! A service with everything switched on by one call: spans, metrics and logs of a shop that takes orders.
//!
//! `cargo run -p wirespan-examples --bin service` prints trees of spans and lines of logs; with
//! `OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318` spans, metrics and logs go there, and with
//! `WIRESPAN_CONTEXT_METRICS=tenant.id` metrics say whose orders they are. Nothing here prints by itself.

use std::fmt;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::sleep;
use wirespan::metrics::{Counter, Histogram, MetricAttributes, MetricValue, Metrics};
use wirespan::{FutureExt as _, context, traced};

/// What is measured, and by which labels: others do not compile.
#[derive(Metrics)]
struct Shop {
    /// Orders, and what became of them.
    #[metric(name = "shop.orders", unit = "{order}")]
    orders: Counter<u64, Order>,
    /// How long a customer waits for an answer.
    #[metric(name = "shop.order.duration", unit = "s")]
    duration: Histogram<Duration>,
}

#[derive(MetricAttributes)]
struct Order {
    #[metric(name = "shop.outcome")]
    outcome: Outcome,
}

#[derive(MetricValue)]
enum Outcome {
    Placed,
    SoldOut,
    Declined,
}

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
    let _timer = Shop::get().duration.start(());
    let outcome = match place_order(number, article, card_token).await {
        Ok(_) => Outcome::Placed,
        Err(ShopError::SoldOut(_)) => Outcome::SoldOut,
        Err(ShopError::Declined) => Outcome::Declined,
    };
    Shop::get().orders.add(1, &Order { outcome });
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
