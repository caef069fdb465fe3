use wirespan::span;

fn main() {
    let _span = span!(parnt: None, "load");
    let _other = span!("load", parent: None);
}
