#![deny(warnings)]

use wirespan::traced;

#[traced]
fn plain(used: u64, unused: u64, mut never_changed: u64) -> u64 {
    used + never_changed
}

#[traced]
async fn patterns((used, unused): (u64, u64), mut never_changed: u64) -> u64 {
    used + never_changed
}

#[traced(fields(size = used.len()), parent = from)]
fn recorded(used: &str, from: &str, len: u64) {}

fn main() {
    plain(1, 2, 3);
    let _ = patterns((1, 2), 3);
    recorded("", "", 4);
}
