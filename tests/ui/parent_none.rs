use wirespan::traced;

#[traced(parent = None)]
fn step(run_id: u64) -> u64 {
    run_id
}

fn main() {}
