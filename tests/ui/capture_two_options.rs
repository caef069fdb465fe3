use wirespan::Capture;

#[derive(Capture)]
struct Job {
    #[capture(len, debug)]
    lines: Vec<u8>,
    #[capture(skip)]
    #[capture(skip)]
    id: u64,
}

fn main() {}
