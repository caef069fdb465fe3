use wirespan::traced;

#[traced(fields(a = 1 b = 2))]
fn step(run_id: u64, messages: Vec<String>) {
    drop((run_id, messages));
}

fn main() {
    step(1, Vec::new());
}
