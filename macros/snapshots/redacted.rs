#[traced]
fn redacted(user: &str, password: &str) -> bool {
    check(user, password)
}
