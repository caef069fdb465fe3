use wirespan::traced;

struct Job;

#[traced(name_prefix = "")]
impl Job {
    fn run() {}
}

fn main() {
    Job::run();
}
