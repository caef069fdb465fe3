use wirespan::traced;

#[traced(ret, unredacted(return))]
fn step() -> u64 {
    1
}

fn main() {
    let _ = step();
}
