#![allow(dead_code)]

use wirespan::traced;

struct Form {
    text: String,
}

#[traced(skip_all, fields(
    password = form.text,
    "http.request.header.authorization" = header,
    "x-api-key" = &form.text,
    token = header.len(),
    password_policy = header,
    auth.scheme = header,
    cookie = "none",
    otp = -1,
    secret = (false),
))]
fn step(form: &Form, header: &str) {}

fn main() {}
