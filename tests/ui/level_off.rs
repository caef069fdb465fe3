use wirespan::traced;

#[traced(level = "off")]
fn step(run_id: u64) -> u64 {
    run_id
}

fn main() {
    step(1);
}
