use wirespan::traced;

#[traced]
pub enum Job {
    A,
}

fn main() {}
