use wirespan::record;

fn main() {
    let handle = wirespan::current().handle();
    record!("rows", 3);
    record!(rows = 3, on: &handle);
    record!(rows = tracing::field::Empty);
}
