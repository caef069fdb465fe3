use wirespan::traced;

#[traced]
const LIMIT: u32 = 2;

fn main() {}
