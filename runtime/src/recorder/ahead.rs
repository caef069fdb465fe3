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
/// Bytes of two lines, which most records have.
const TWO_LINES: usize = 128;

/// Asks for as much memory as was just written: the `size` bytes up to `end`. A hint: it may be beyond the memory of anyone's.
#[cfg_attr(not(debug_assertions), inline)]
pub(super) fn ask(end: *const u8, size: usize) {
    let mut asked = 0;
    loop {
        ask_two_lines(end.wrapping_add(AHEAD + asked));
        asked += TWO_LINES;
        if asked >= size {
            return;
        }
    }
}

#[cfg(all(target_arch = "x86_64", not(miri)))]
#[cfg_attr(not(debug_assertions), inline)]
fn ask_two_lines(at: *const u8) {
    // SAFETY: a prefetch takes every address, and changes nothing that a program could see; 64-bit processors that do not know this one
    // take it for no operation. Not the intrinsic: on the basic target that asks for memory to be read, and the other core keeps it.
    unsafe {
        std::arch::asm!(
            "prefetchw [{at}]",
            "prefetchw [{at} + 64]",
            at = in(reg) at.addr(),
            options(nomem, nostack, preserves_flags)
        );
    }
}

#[cfg(not(all(target_arch = "x86_64", not(miri))))]
#[cfg_attr(not(debug_assertions), inline)]
fn ask_two_lines(_: *const u8) {}
