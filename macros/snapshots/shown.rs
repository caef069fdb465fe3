// Parameters that are shown as they are told to be, and a result that is an attribute.
#[traced(unredacted(token), debug(row), display(key), ret)]
fn shown(token: &str, row: Row, key: Key) -> u64 {
    work(token, row, key)
}
