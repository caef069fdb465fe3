use wirespan::Capture;

struct Opaque;

#[derive(Capture)]
struct Job {
    #[capture(display)]
    a: Opaque,
    #[capture(debug)]
    b: Opaque,
}

#[derive(Capture)]
struct Alone(#[capture(display)] Opaque);

fn main() {}
