#[traced(err = "ignore", cancel = "error", kind = "server")]
async fn endings(id: u64) -> Result<u64, Error> {
    load(id).await
}
