//! The quickstart, as it stands, delivers its trace over OTLP/gRPC to a receiver that is another implementation.

#[path = "otlp/quickstart.rs"]
mod quickstart;

use wirespan_tests::receiver::Protocol;

#[test]
fn the_quickstart_delivers_its_whole_trace_over_grpc() {
    quickstart::run("grpc", Protocol::Grpc).check();
}
