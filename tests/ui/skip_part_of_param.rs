use wirespan::traced;

#[traced(skip(job.text))]
fn step(job: String) -> String {
    job
}

fn main() {}
