#[traced(name = "count rows", fields(rows.count = rows.len(), "any key" = id + 1, http.route = "/rows"))]
fn fields(id: u64, rows: &[Row]) {
    work(id, rows);
}
