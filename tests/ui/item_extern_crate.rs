use wirespan::traced;

#[traced]
extern crate core as inner;

fn main() {
    inner::hint::black_box(1);
}
