//! Fields that say something about a secret, or whose value stands in the source anyway.

use wirespan::traced;

#[traced(fields(
    size = password.len(),
    long = password.to_owned().len() > 8,
    password_len = password.len(),
    auth.scheme = user,
    gen_ai.usage.input_tokens = user.len(),
    owner = user.clone(),
    cookie = "none",
    otp = -1,
    token = 1.5,
    secret = (false),
))]
fn step(password: &str, user: String) -> usize {
    password.len() + user.len()
}

fn main() {
    step("correct horse", String::from("ada"));
}
