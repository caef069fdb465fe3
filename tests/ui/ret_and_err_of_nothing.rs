use wirespan::traced;

#[traced(err = "ignore")]
fn step(run_id: u64) {
    drop(run_id);
}

#[traced(ret)]
async fn later(run_id: u64) -> () {
    drop(run_id);
}

fn main() {}
