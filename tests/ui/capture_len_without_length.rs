use wirespan::Capture;

#[derive(Capture)]
struct Job {
    #[capture(len)]
    a: u64,
}

fn main() {}
