use wirespan::traced;

#[traced(fields(run-id = 1, run::kind = "a", run: 2))]
fn step(run_id: u64) -> u64 {
    run_id
}

fn main() {}
