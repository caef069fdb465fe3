use wirespan::span;

fn main() {
    let _span = span!(parent: None "load");
}
