#[traced(level = "debug")]
fn level(id: u64) -> u64 {
    id
}
