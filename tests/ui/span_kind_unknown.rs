use wirespan::span;

fn main() {
    let _span = span!(kind: "clinet", "load");
}
