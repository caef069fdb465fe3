use wirespan::traced;

struct Job;

#[traced(name = "job")]
impl Job {
    fn run(&self) {}
    fn stop(&self) {}
}

fn main() {
    Job.run();
    Job.stop();
}
