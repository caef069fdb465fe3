use futures_util::stream::{BoxStream, StreamExt};
use wirespan::traced;

#[traced(ret)]
fn step(run_id: u64) -> BoxStream<'static, u64> {
    futures_util::stream::iter([run_id]).boxed()
}

fn main() {
    drop(step(1));
}
