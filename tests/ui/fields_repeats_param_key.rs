use wirespan::traced;

#[traced(fields("parameter.run_id" = 1))]
fn step(run_id: u64, messages: Vec<String>) {
    drop((run_id, messages));
}

fn main() {
    step(1, Vec::new());
}
