use wirespan::traced;

#[traced(returns = "future")]
async fn step(run_id: u64) -> u64 {
    run_id
}

fn main() {
    drop(step(1));
}
