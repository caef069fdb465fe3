#![allow(dead_code)]

use wirespan::traced;

struct Form {
    text: String,
}

#[traced(skip_all, fields(
    password = form.text,
    "http.request.header.authorization" = header,
    user.api_key = header.len(),
))]
fn step(form: &Form, header: &str) -> usize {
    form.text.len() + header.len()
}

fn main() {}
