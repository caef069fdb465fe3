use wirespan::Capture;

#[derive(Capture)]
struct Job {
    #[capture(display)]
    api_key: String,
}

fn main() {}
