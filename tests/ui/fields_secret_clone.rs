#![allow(dead_code)]

use wirespan::traced;

#[traced(fields(
    a = password.clone(),
    b = password.as_str(),
    c = (&password).as_ref(),
    d = &password.to_string(),
    e = password.as_str().to_owned(),
    f = api_key.expose(),
    g = api_key.into_inner(),
    password = password.clone(),
    token = password.clone(),
    h = password.len(),
    i = password.clone().len(),
    j = user.clone(),
))]
fn step(password: String, api_key: String, user: String) {}

fn main() {}
