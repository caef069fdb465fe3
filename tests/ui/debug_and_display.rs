use wirespan::traced;

#[traced(debug(run_id), display(run_id), skip(name), debug_all)]
fn step(run_id: u64, name: &str) -> u64 {
    run_id + name.len() as u64
}

fn main() {
    step(1, "");
}
