use wirespan::traced;

#[traced(fields(user. = 1, user..id = 2))]
fn step(run_id: u64) -> u64 {
    run_id
}

fn main() {}
