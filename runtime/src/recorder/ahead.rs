//! Memory is asked for some records before it is written.
//!
//! What lies there was read by the drain thread, on another core, and no write goes through before that core has given it up: a wait of
//! some tens of nanoseconds for each line of a cache, more than a record takes to be written.
#![cfg_attr(
    all(target_arch = "x86_64", not(miri)),
    expect(unsafe_code, reason = "an instruction of the processor's, which touches nothing")
)]

/// How far ahead, in bytes: some four records. Half as far and twice as far do nearly as much.
const AHEAD: usize = 512;
/// Bytes of a line.
const LINE: usize = 64;

/// Asks for as much memory as was just written: the `size` bytes up to `end`. A hint: it may be beyond the memory of anyone's.
#[cfg_attr(not(debug_assertions), inline)]
pub(super) fn ask(end: *const u8, size: usize) {
    for line in (0..size).step_by(LINE) {
        ask_line(end.wrapping_add(AHEAD + line));
    }
}

#[cfg(all(target_arch = "x86_64", not(miri)))]
#[cfg_attr(not(debug_assertions), inline)]
fn ask_line(at: *const u8) {
    use std::arch::x86_64::{_MM_HINT_ET0, _mm_prefetch};
    // SAFETY: a prefetch reads and writes nothing, and takes every address.
    unsafe { _mm_prefetch::<_MM_HINT_ET0>(at.cast()) };
}

#[cfg(not(all(target_arch = "x86_64", not(miri))))]
#[cfg_attr(not(debug_assertions), inline)]
fn ask_line(_: *const u8) {}
