use wirespan::traced;

#[traced]
use std::fmt::Debug;

fn main() {}
