use wirespan::{event, record, span};

struct Form {
    password: String,
}

fn main() {
    let form = Form { password: String::from("a") };
    let api_key = "b";
    let _span = span!("load", user = form.password.clone());
    event!("sent", key = api_key);
    record!(key = &api_key);
}
