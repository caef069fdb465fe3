use wirespan::Capture;

#[derive(Capture)]
union Bits {
    a: u32,
    b: f32,
}

fn main() {}
