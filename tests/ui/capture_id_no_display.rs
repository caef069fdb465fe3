use wirespan::Capture;

#[derive(Capture)]
struct Job {
    #[capture(id)]
    a: Vec<u8>,
}

fn main() {}
