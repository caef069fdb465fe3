use wirespan::record;

fn main() {
    record!(on: 7, rows = 1);
}
