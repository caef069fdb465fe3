use wirespan::record;

fn main() {
    record!();
}
