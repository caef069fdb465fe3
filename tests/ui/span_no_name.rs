use wirespan::span;

fn main() {
    let id = 7;
    let _span = span!(id);
    let _other = span!(id = 7);
}
