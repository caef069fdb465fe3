use wirespan::Capture;

#[derive(Capture)]
#[capture(skip)]
struct Job {
    a: u64,
}

fn main() {}
