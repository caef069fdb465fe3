use wirespan::traced;

#[traced(off, skip(messages))]
fn step(messages: Vec<String>) -> usize {
    messages.len()
}

fn main() {
    step(Vec::new());
}
