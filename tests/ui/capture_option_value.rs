use wirespan::Capture;

#[derive(Capture)]
struct Job {
    #[capture(skip = true)]
    a: u64,
    #[capture]
    b: u64,
}

fn main() {}
