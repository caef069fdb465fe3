#[traced(metrics)]
fn step(run_id: u64) -> Result<u64, Error> {
    work(run_id)
}

#[traced(metrics, skip_all)]
async fn wait(run_id: u64) -> u64 {
    work(run_id).await
}
