use wirespan::traced;

#[traced]
mod job {
    pub fn run() {}
}

fn main() {}
