#[traced]
fn parameters(id: u64, name: &str, rows: Vec<String>) -> Result<usize, Error> {
    count(id, name, rows)
}
