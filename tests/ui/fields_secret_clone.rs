#![allow(dead_code)]

use wirespan::traced;

#[traced(fields(
    a = password.clone(),
    b = password.as_str(),
    c = (&password).as_ref(),
    d = &password.to_string(),
    e = password.as_str().to_owned(),
    f = api_key.expose(),
    g = api_key.clone().into_inner(),
    password = password.clone(),
    token = password.clone(),
))]
fn step(password: String, api_key: wirespan::Secret<String>) -> usize {
    drop(api_key);
    password.len()
}

fn main() {}
