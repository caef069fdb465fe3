use wirespan::traced;

#[traced(returns = "stream")]
fn step(run_id: u64) {
    drop(run_id);
}

fn main() {
    step(1);
}
