use wirespan::traced;

#[traced(status = is_good)]
fn step(run_id: u64) -> u64 {
    run_id
}

fn is_good(run_id: &u64) -> bool {
    *run_id > 0
}

fn main() {}
