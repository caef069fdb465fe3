use wirespan::traced;

#[traced]
macro_rules! nothing {
    () => {};
}

#[traced]
thread_local! {
    static LIMIT: u32 = 2;
}

nothing!();

fn main() {
    LIMIT.with(|limit| *limit);
}
