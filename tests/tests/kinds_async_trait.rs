//! `async-trait` in all its forms: `#[traced]` on the methods or on the block, above or below its attribute, and what its versions
//! before 0.1.44 wrote.

use std::future::Future;
use std::pin::Pin;

use async_trait::async_trait;
use wirespan::opentelemetry::Value;
use wirespan::traced;
use wirespan_tests::look::{block_on, error_text, value};
use wirespan_tests::{Installed, install};

#[traced]
async fn step(number: u64) -> u64 {
    tokio::task::yield_now().await;
    number
}

#[async_trait]
trait Store {
    async fn load(&self, key: u64) -> Result<u64, String>;

    #[traced]
    async fn load_twice(&self, key: u64) -> Result<u64, String> {
        Ok(step(key).await * 2)
    }
}

struct Methods;

#[async_trait]
impl Store for Methods {
    #[traced]
    async fn load(&self, key: u64) -> Result<u64, String> {
        Ok(step(key).await)
    }
}

struct BlockBelow;

#[async_trait]
#[traced]
impl Store for BlockBelow {
    async fn load(&self, key: u64) -> Result<u64, String> {
        Ok(step(key).await)
    }
}

struct BlockAbove;

/// Documented.
#[traced(kind = "client")]
#[async_trait]
impl Store for BlockAbove {
    async fn load(&self, key: u64) -> Result<u64, String> {
        Ok(step(key).await)
    }

    #[traced(name = "fails")]
    async fn load_twice(&self, key: u64) -> Result<u64, String> {
        Err(format!("no {}", step(key).await))
    }
}

/// What a future of the trait is.
type Loading = Pin<Box<dyn Future<Output = Result<u64, String>> + Send>>;
type Case = (&'static str, fn() -> Loading);

struct Old;

/// As it was written by versions before 0.1.44: the body is a function in the function.
impl Old {
    #[traced]
    fn load<'life0, 'async_trait>(
        &'life0 self,
        key: u64,
    ) -> Pin<Box<dyn Future<Output = Result<u64, String>> + Send + 'async_trait>>
    where
        'life0: 'async_trait,
        Self: 'async_trait,
    {
        async fn __load(_self: &Old, key: u64) -> Result<u64, String> {
            Ok(step(key).await)
        }
        Box::pin(__load(self, key))
    }
}

/// The span of that name has the parameter and covers `step`.
fn assert_covers(telemetry: &Installed, name: &str) {
    let (outer, inner) = (telemetry.span(name), telemetry.span("step"));
    assert_eq!(inner.parent_span_id, outer.span_context.span_id(), "{name}");
    assert!(outer.end_time >= inner.end_time, "{name}");
    assert_eq!(value(&outer, "parameter.key"), Some(Value::I64(7)), "{name}");
}

#[test]
fn every_form_is_covered_to_the_end_of_its_future() {
    let calls: [Case; 4] = [
        ("Methods::load", || Methods.load(7)),
        ("BlockBelow::load", || BlockBelow.load(7)),
        ("BlockAbove::load", || BlockAbove.load(7)),
        ("Old::load", || Old.load(7)),
    ];
    for (name, call) in calls {
        let telemetry = install();
        assert_eq!(block_on(call()), Ok(7), "{name}");
        assert_covers(&telemetry, name);
    }
}

#[test]
fn default_bodies_and_a_methods_own_options_are_covered_too() {
    let telemetry = install();
    assert_eq!(block_on(Methods.load_twice(7)), Ok(14));
    assert_covers(&telemetry, "Methods::load_twice");
    drop(telemetry);
    let telemetry = install();
    block_on(BlockAbove.load_twice(7)).unwrap_err();
    assert_covers(&telemetry, "fails");
    assert_eq!(error_text(&telemetry.span("fails")), Some("no 7"));
}
