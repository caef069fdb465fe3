use wirespan::traced;

#[traced]
fn step(Some(run_id): Option<u64>) -> u64 {
    run_id
}

fn main() {}
