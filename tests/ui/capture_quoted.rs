use wirespan::Capture;

#[derive(Capture)]
struct Job {
    #[capture("skip")]
    a: u64,
}

fn main() {}
