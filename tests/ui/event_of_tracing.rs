use wirespan::event;

fn main() {
    let id = 7;
    event!(tracing::Level::INFO, "loaded", id);
    event!("loaded {:?}", id);
}
