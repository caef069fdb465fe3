use wirespan::traced;

struct Job;

#[traced]
impl Job {
    const fn times(&self) -> u64 {
        1
    }

    #[traced(skip(run), kinds = "client")]
    fn run(&self, times: u64) -> u64 {
        times
    }
}

fn main() {
    Job.run(Job.times());
}
