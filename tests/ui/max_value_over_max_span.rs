use wirespan::traced;

#[traced(max_value = "2MiB", max_span = "1MiB")]
fn step(run_id: u64, messages: Vec<String>) {
    drop((run_id, messages));
}

fn main() {
    step(1, Vec::new());
}
