use wirespan::traced;

#[traced(name_prefix = "job.")]
fn run() {}

fn main() {
    run();
}
