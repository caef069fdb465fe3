use wirespan::traced;

#[traced]
fn wrong(n: u64) -> u64 {
    "text"
}

#[traced]
async fn wrong_async(n: u64) -> Result<u64, String> {
    n
}

fn main() {}
