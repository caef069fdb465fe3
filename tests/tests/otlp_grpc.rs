//! The quickstart, as it stands, delivers its trace over OTLP/gRPC to a receiver that is another implementation.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::unnecessary_wraps,
    clippy::similar_names,
    reason = "a test fails by panicking, and is laid out to be read"
)]

#[path = "otlp/quickstart.rs"]
mod quickstart;

use wirespan_tests::receiver::Protocol;

#[test]
fn the_quickstart_delivers_its_whole_trace_over_grpc() {
    quickstart::run("grpc", Protocol::Grpc).check();
}
