use wirespan::traced;

#[traced(links = jobs)]
fn step(jobs: Vec<wirespan::SpanHandle>) -> usize {
    jobs.len()
}

fn main() {
    step(Vec::new());
}
