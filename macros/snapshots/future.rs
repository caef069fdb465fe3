#[traced]
fn future(id: u64) -> impl Future<Output = u64> {
    async move { id }
}
