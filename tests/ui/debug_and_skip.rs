use wirespan::traced;

#[traced(skip(run_id), debug(run_id))]
fn step(run_id: u64) -> u64 {
    run_id
}

fn main() {
    step(1);
}
