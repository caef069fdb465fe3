#[traced]
fn stream(id: u64) -> impl Stream<Item = u64> {
    rows(id)
}
