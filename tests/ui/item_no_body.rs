use wirespan::traced;

trait Job {
    #[traced]
    fn run(&self, n: u64) -> u64;

    #[traced(skip_all, skip(n))]
    fn walk(&self, n: u64) -> u64 {
        n
    }
}

impl Job for () {
    fn run(&self, n: u64) -> u64 {
        n
    }
}

fn main() {
    ().run(().walk(1));
}
