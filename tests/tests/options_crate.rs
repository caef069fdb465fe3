//! `crate = path`: every generated path goes through it. Here `::wirespan` is another crate, so that one which does not
//! is a compile error.
#![expect(
    clippy::trivially_copy_pass_by_ref,
    clippy::unused_self,
    reason = "the option passes the value so; a method has a receiver"
)]

extern crate core as wirespan;

use std::future::Future;
use std::pin::Pin;

use futures_util::{Stream, StreamExt as _};
use wirespan_tests::look::{block_on, error_text};
use wirespan_tests::wirespan::opentelemetry::trace::{SpanContext, Status};
use wirespan_tests::wirespan::testing::Recording;
use wirespan_tests::wirespan::traced;

mod reexported {
    pub(crate) use wirespan_tests::wirespan as telemetry;
}

fn decide(_: &u32) -> Status {
    Status::error("decided")
}

#[traced(crate = reexported::telemetry, fields(twice = a * 2), debug(b), links([SpanContext::NONE]))]
fn plain(a: u32, b: u8, (c, _): (u32, u32)) -> Result<u32, std::fmt::Error> {
    if b == 0 { Err(std::fmt::Error) } else { Ok(a + c) }
}

#[traced(crate = crate::reexported::telemetry, ret, status = decide, root)]
async fn asynchronous(a: u32, password: &str) -> u32 {
    a + u32::from(password.is_empty())
}

#[traced(crate = reexported::telemetry, parent = SpanContext::NONE)]
fn boxed(a: u32) -> Pin<Box<dyn Future<Output = u32>>> {
    Box::pin(async move { a })
}

#[traced(crate = reexported::telemetry)]
fn streamed(a: u32) -> impl Stream<Item = u32> {
    futures_util::stream::iter(0..a)
}

struct Store;

#[traced(crate = reexported::telemetry, skip(messages))]
impl Store {
    fn load(&self, messages: Vec<u8>) -> usize {
        messages.len()
    }
}

#[traced(crate = reexported::telemetry, budget = "1KiB")]
fn bounded(a: u32) -> u32 {
    a
}

macro_rules! traced_function {
    ($name:ident) => {
        #[traced(crate = $crate::reexported::telemetry)]
        fn $name() {}
    };
}
traced_function!(from_a_macro);

#[test]
fn a_reexported_crate_is_all_that_generated_code_needs() {
    let recording = Recording::start();
    assert_eq!(plain(1, 1, (2, 3)), Ok(3));
    assert_eq!(block_on(asynchronous(1, "")), 2);
    assert_eq!(block_on(boxed(4)), 4);
    assert_eq!(block_on(streamed(3).collect::<Vec<_>>()), [0, 1, 2]);
    assert_eq!(Store.load(vec![1]), 1);
    from_a_macro();
    assert_eq!(bounded(6), 6);
    let spans = recording.spans();
    for name in ["plain", "boxed", "streamed", "Store::load", "bounded", "from_a_macro"] {
        spans.one(name).assert_returned();
    }
    spans.one("plain").assert_attribute("twice", 2_i64).assert_attribute("parameter.b", "1");
    let decided = spans.one("asynchronous");
    decided.assert_attribute("return", 2_i64).assert_attribute("parameter.password", "<redacted>");
    assert_eq!(error_text(&decided), Some("decided"));
}
