#[traced]
fn patterns((left, right): (u64, u64), Row { id, .. }: Row, mut count: u8, _unused: u8, _: u8) -> u64 {
    count += 1;
    left + right + id + u64::from(count)
}
