use wirespan::traced;

#[traced(unredacted(run_id))]
fn step(run_id: u64, token: &str) -> u64 {
    run_id + token.len() as u64
}

fn main() {
    step(1, "");
}
