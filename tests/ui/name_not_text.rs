use wirespan::traced;

#[traced(name = 5)]
fn step(run_id: u64, messages: Vec<String>) {
    drop((run_id, messages));
}

fn main() {
    step(1, Vec::new());
}
