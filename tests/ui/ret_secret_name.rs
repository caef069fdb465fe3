use wirespan::traced;

#[traced(ret)]
fn api_key() -> String {
    "k".to_owned()
}

fn main() {
    let _ = api_key();
}
