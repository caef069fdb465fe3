use wirespan::traced;

#[traced(links([run_id]))]
fn step(run_id: u64) -> u64 {
    run_id
}

fn main() {}
