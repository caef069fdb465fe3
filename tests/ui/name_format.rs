use wirespan::traced;

#[traced(name = "step {}")]
fn step(run_id: u64) -> u64 {
    run_id
}

fn main() {}
