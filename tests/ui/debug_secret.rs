use wirespan::traced;

#[traced(debug(token), display(password))]
fn step(token: &str, password: &str) -> usize {
    token.len() + password.len()
}

fn main() {
    step("", "");
}
