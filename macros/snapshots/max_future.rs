// A future whose size is limited, and one that another function made.
#[traced(max_future = "2KiB")]
async fn load(key: u64) -> u64 {
    fetch(key).await
}

#[traced(max_future = 512)]
fn load_later(key: u64) -> impl Future<Output = u64> {
    load(key)
}
