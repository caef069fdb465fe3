#[traced]
async fn asynchronous(id: u64, name: &str) -> Result<usize, Error> {
    count(id, name).await
}
