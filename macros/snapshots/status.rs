// A function that says how the call ended.
#[traced(status = Reply::status)]
async fn status(id: u64) -> Reply {
    ask(id).await
}
