use wirespan::Capture;

#[derive(Capture)]
struct Job {
    #[capture(redcat)]
    key: String,
    #[capture(serde)]
    id: u64,
    #[capture(ignore)]
    other: u64,
}

fn main() {}
