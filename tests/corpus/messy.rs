//! Functions with something for lints to say: each of rustc's says the same of the annotated one as of the bare one.
#![allow(missing_docs)]

use wirespan::traced;

#[traced]
pub fn unused_parameter(used: u64, unused: u64) -> u64 {
    used
}

#[traced]
pub async fn unused_parameter_later((used, unused): (u64, u64), also: &str) -> u64 {
    used
}

#[traced(skip_all)]
pub fn unused_and_skipped(unused: String) {}

#[traced(skip(unused), fields(n = "one"))]
pub async fn unused_and_skipped_later(unused: String) {}

#[traced]
pub fn unused_variable(n: u64) -> u64 {
    let unused = n;
    n
}

#[traced]
pub fn needless_mut(mut n: u64) -> u64 {
    n
}

#[traced]
pub async fn needless_mut_later(mut n: u64, (mut a, _b): (u64, u64)) -> u64 {
    n + a
}

#[traced]
fn dead(n: u64) -> u64 {
    n
}

#[traced]
async fn dead_later(n: u64) -> u64 {
    n
}

struct Dead;

impl Dead {
    #[traced]
    fn method(&self) {}
}

#[traced]
pub fn unused_result(text: &str) {
    text.parse::<u64>();
}

#[traced]
pub async fn unused_result_later(text: &str) {
    text.parse::<u64>();
    async {};
}

#[traced]
#[must_use]
pub fn must_use(n: u64) -> u64 {
    n
}

#[traced]
#[must_use]
pub async fn must_use_later(n: u64) -> u64 {
    n
}

pub async fn uses(n: u64) {
    must_use(n);
    must_use_later(n);
    must_use_later(n).await;
    unused_result_later("");
}

#[traced]
pub fn unreachable(n: u64) -> u64 {
    return n;
    n + 1
}

#[traced]
pub async fn unreachable_later(n: u64) -> u64 {
    return n;
    n + 1
}

#[traced]
pub fn assigned(n: u64) -> u64 {
    let mut value = n;
    value = 1;
    value = 2;
    value
}

#[traced]
pub fn parentheses(n: u64) -> u64 {
    if (n == 1) { 2 } else { (n) }
}

#[traced]
pub fn Shouting(Number: u64) -> u64 {
    Number
}

#[traced]
pub fn allowed(#[allow(unused_variables)] unused: u64) {}

#[traced]
#[allow(unused_variables)]
pub async fn allowed_later(unused: u64) {}

#[traced]
#[deprecated]
pub fn old(n: u64) -> u64 {
    n
}

#[traced]
pub fn calls_old(n: u64) -> u64 {
    old(n)
}

#[traced]
pub fn recurses_for_ever(n: u64) -> u64 {
    recurses_for_ever(n)
}

#[traced]
pub fn long_winded(values: &Vec<u64>, flag: bool) -> bool {
    let x = values.len() > 0;
    if x == true { return flag } else { return !flag }
}

#[traced]
pub async fn long_winded_later(values: &Vec<u64>, flag: bool) -> bool {
    let x = values.len() > 0;
    if x == true { return flag } else { return !flag }
}

#[traced]
pub async fn ends_without_a_semicolon() {
    std::future::pending().await
}

#[traced]
pub fn ends_without_one() {
    drop(())
}

#[traced]
pub async fn ends_without_a_semicolon_and_has_a_parameter(number: u64) {
    println!("{number}");
    std::future::pending().await
}

#[traced]
pub async fn binds_and_returns(number: u64) -> u64 {
    let sum = number + 1;
    sum
}

#[traced]
pub fn binds_and_returns_at_once(number: u64) -> u64 {
    let sum = number + 1;
    return sum;
}

#[traced]
pub async fn is_a_block(number: u64) -> u64 {
    { number + 1 }
}

#[traced]
pub async fn only_one_statement(number: Option<u64>) {
    match number { Some(number) => drop(number), None => () }
}
