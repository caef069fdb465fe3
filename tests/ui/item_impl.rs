use wirespan::traced;

struct Job;

#[traced]
impl Job {
    fn run(&self) {}
}

fn main() {}
