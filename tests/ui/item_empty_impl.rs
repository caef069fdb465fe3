use wirespan::traced;

struct Job;

#[traced]
impl Job {
    const TIMES: u64 = 1;
}

fn main() {
    let _ = Job::TIMES;
}
