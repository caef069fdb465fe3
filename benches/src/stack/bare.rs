//! The functions without any tracing.
#![expect(
    clippy::ptr_arg,
    clippy::too_many_arguments,
    reason = "a borrowed `String` and eight parameters are the case"
)]

use super::Stack;
use crate::burst::Burst;
use crate::case::{Case, burst_of, work};

/// See the module's documentation.
pub(super) struct Bare;

impl Stack for Bare {
    fn burst(&self, case: Case, calls: u32) -> Burst {
        burst_of!(case, calls)
    }
}

#[inline(never)]
pub(super) fn sync0() -> u64 {
    work::sync0()
}

#[inline(never)]
pub(super) fn sync2(id: u64, tag: &str) -> u64 {
    work::sync2(id, tag)
}

#[inline(never)]
pub(super) fn sync8(
    id: u64,
    tag: &str,
    attempt: i32,
    retried: bool,
    ratio: f64,
    region: &str,
    bytes: u64,
    note: &String,
) -> u64 {
    work::sync8(id, tag, attempt, retried, ratio, region, bytes, note)
}

#[inline(never)]
pub(super) async fn async2(id: u64, tag: &str) -> u64 {
    work::async2(id, tag).await
}
