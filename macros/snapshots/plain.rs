#[traced]
fn plain() {
    work();
}
