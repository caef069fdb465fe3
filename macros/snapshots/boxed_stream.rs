#[traced]
fn boxed_stream(id: u64) -> BoxStream<'static, u64> {
    rows(id).boxed()
}
