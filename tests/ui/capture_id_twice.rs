use wirespan::Capture;

#[derive(Capture)]
struct Job {
    #[capture(id)]
    a: u64,
    #[capture(id)]
    b: u64,
}

fn main() {}
