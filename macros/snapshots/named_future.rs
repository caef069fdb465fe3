#[traced(returns = "future")]
fn named_future(id: u64) -> Reply {
    reply(id)
}
