use wirespan::event;

fn main() {
    event!(level: "debug", "miss");
}
