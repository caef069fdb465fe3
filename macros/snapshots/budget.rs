#[traced(budget = "1KiB")]
fn budget(id: u64, count: u32) -> u64 {
    id + u64::from(count)
}
