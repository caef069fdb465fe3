use wirespan::{event, record, span};

fn main() {
    let (password, api_key, token) = ("a", "b", "c");
    let _span = span!("load", password);
    event!("sent", key = 1, api_key = api_key);
    record!(token);
}
