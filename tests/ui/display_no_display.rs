use wirespan::traced;

#[derive(Debug)]
struct Job(u64);

#[traced(display(job))]
fn step(job: Job) -> u64 {
    job.0
}

fn main() {
    step(Job(1));
}
