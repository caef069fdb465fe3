use wirespan::traced;

struct Job;

#[traced(returns = "future")]
impl Job {
    fn run(&self) {}
}

fn main() {
    Job.run();
}
