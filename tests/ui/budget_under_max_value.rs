use wirespan::traced;

#[traced(budget = "1KiB", max_value = "2KiB")]
fn step(run_id: u64, messages: Vec<String>) {
    drop((run_id, messages));
}

fn main() {
    step(1, Vec::new());
}
