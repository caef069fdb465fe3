use wirespan::traced;

struct Job;

#[traced(skip(messges))]
impl Job {
    fn run(&self, run_id: u64) -> u64 {
        run_id
    }
    fn stop(&self, messages: Vec<String>) -> usize {
        messages.len()
    }
}

fn main() {
    Job.run(1);
    Job.stop(Vec::new());
}
