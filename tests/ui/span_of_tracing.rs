use wirespan::span;

fn main() {
    let id = 7;
    let _one = span!(Level::INFO, "load", id);
    let _two = span!(target: "db", "load", id);
    let _three = span!(name: "load");
    let _four = span!("load", %id);
    let _five = span!("load {}", id);
}
