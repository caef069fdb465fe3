use wirespan::traced;

#[traced(max_value = 64 * 1024)]
fn step(run_id: String) -> String {
    run_id
}

fn main() {}
