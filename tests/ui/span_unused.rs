#![deny(warnings)]

use wirespan::span;

fn main() {
    span!("load");
}
