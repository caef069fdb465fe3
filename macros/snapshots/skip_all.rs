#[traced(skip_all, record(id))]
fn skip_all(id: u64, rows: Vec<Row>) {
    work(id, rows);
}
