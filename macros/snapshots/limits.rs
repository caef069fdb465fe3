#[traced(max_value = "1KiB", max_span = "8KiB")]
fn limits(text: &str) {
    work(text);
}
