use wirespan::traced;

#[traced]
unsafe extern "C" {
    fn run();
}

fn main() {}
