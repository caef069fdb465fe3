use wirespan::traced;

#[traced(links(first, second))]
fn step(first: &str, second: &str) -> usize {
    first.len() + second.len()
}

#[traced(links())]
fn none() {}

fn main() {}
