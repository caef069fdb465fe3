use wirespan::{event, span};

fn main() {
    let _span = span!("");
    event!(" ");
}
