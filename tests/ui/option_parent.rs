use wirespan::traced;

#[traced(parent = None::<Vec<u8, u8>>, kind = "client")]
fn step(run_id: u64, messages: Vec<String>) {
    drop((run_id, messages));
}

fn main() {
    step(1, Vec::new());
}
