use wirespan::span;

fn main() {
    let _span = span!(level: "debg", "load");
}
