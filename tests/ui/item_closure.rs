use wirespan::traced;

fn main() {
    #[traced]
    let double = |n: u64| n * 2;
    double(1);
}
