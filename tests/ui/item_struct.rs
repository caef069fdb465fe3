use wirespan::traced;

#[traced]
struct Job {
    pub id: u64,
}

fn main() {}
