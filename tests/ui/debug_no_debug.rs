use wirespan::traced;

struct Job(u64);

#[traced(debug(job))]
fn step(job: &Job) -> u64 {
    job.0
}

fn main() {
    step(&Job(1));
}
