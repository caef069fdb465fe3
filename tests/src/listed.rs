//! Traced functions of a library that no test calls: the list of call sites must have them all the same.

use wirespan::traced;

/// Never called.
#[traced(level = "trace")]
pub fn of_a_library(host: &str, password: &str) -> usize {
    host.len() + password.len()
}

/// Never instantiated.
#[traced]
pub fn generic_of_a_library<T: Send>(_value: T, count: u64) -> u64 {
    count
}
