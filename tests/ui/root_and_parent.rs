use wirespan::traced;

#[traced(root, parent = from)]
fn step(from: &wirespan::SpanHandle) {
    let _ = from;
}

fn main() {
    step(&wirespan::current().handle());
}
