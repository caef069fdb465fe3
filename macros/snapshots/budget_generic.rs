#[traced(budget = "1KiB")]
fn budget_generic<T: Capture>(value: T) -> T {
    value
}
