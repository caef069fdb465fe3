#[derive(Capture)]
struct Job<T> {
    #[capture(id)]
    id: u64,
    #[capture(len)]
    lines: Vec<String>,
    #[capture(debug)]
    state: T,
    #[capture(skip)]
    cache: Cache,
    password: String,
}

#[derive(Capture)]
struct Wrapped(u64);

#[derive(Capture)]
enum Step {
    Start,
    Load(u64),
    Save { row: Row },
}
