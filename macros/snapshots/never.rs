#[traced]
fn never(code: i32) -> ! {
    exit(code)
}
