use wirespan::traced;

struct Job;

impl Job {
    #[traced(skip(self))]
    fn step(&self, run_id: u64) -> u64 {
        run_id
    }
}

fn main() {
    Job.step(1);
}
