use wirespan::event;

fn main() {
    event!(parent: None, "miss");
}
