use wirespan::traced;

#[traced(unredacted(return))]
fn api_key() -> u64 {
    1
}

fn main() {
    let _ = api_key();
}
