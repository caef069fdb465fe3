use wirespan::traced;

type Hidden = std::pin::Pin<Box<dyn std::future::Future<Output = u64>>>;

#[traced(returns = "futures")]
fn step(run_id: u64) -> Hidden {
    Box::pin(async move { run_id })
}

fn main() {
    drop(step(1));
}
