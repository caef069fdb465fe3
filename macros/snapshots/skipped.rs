#[traced(skip = "rows")]
fn skipped(id: u64, rows: Vec<Row>, messages: Vec<Message>) {
    work(id, rows, messages);
}
