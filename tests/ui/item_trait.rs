use wirespan::traced;

#[traced]
pub(crate) trait Job {
    fn run(&self);
}

fn main() {}
