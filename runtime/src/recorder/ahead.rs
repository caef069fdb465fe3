//! Memory of chunks is asked for some records before it is written or read.
//!
//! Who writes a chunk and who reads it do so on different cores. What lies in one that comes back was read by the drain thread, and no
//! write goes through before its core has given the line up; what was published lies in the caches of the thread that did. Either is a
//! wait of some tens of nanoseconds for each line, more than a record takes to be written or read.
#![cfg_attr(
    all(target_arch = "x86_64", target_pointer_width = "64", not(miri)),
    expect(unsafe_code, reason = "instructions of the processor's that touch nothing")
)]

/// How far ahead of what is written, in bytes: some four records. Half as far and twice as far do nearly as much.
const TO_WRITE: usize = 512;
/// How far ahead of what is read, where the time between two records is shorter.
const TO_READ: usize = 2048;
/// As much is asked for at once at most: what follows a large record is seldom one.
const MOST: usize = 512;
/// Bytes of two lines, which most records have.
const TWO_LINES: usize = 128;

/// Asks for as much memory as was just written, the `size` bytes up to `end`, where that is within the `left` bytes behind.
#[cfg_attr(not(debug_assertions), inline)]
pub(super) fn ask_to_write(end: *const u8, size: usize, left: usize) {
    if TO_WRITE + size <= left {
        for_lines(end.wrapping_add(TO_WRITE), size, two_lines_to_write);
    }
}

/// The same for what was just read. What is `left` has been published: the rest would be taken away from who writes it.
#[cfg_attr(not(debug_assertions), inline)]
pub(super) fn ask_to_read(end: *const u8, size: usize, left: usize) {
    if TO_READ + size <= left {
        for_lines(end.wrapping_add(TO_READ), size, two_lines_to_read);
    }
}

#[cfg_attr(not(debug_assertions), inline)]
fn for_lines(begin: *const u8, size: usize, ask: impl Fn(*const u8)) {
    let mut asked = 0;
    loop {
        ask(begin.wrapping_add(asked));
        asked += TWO_LINES;
        if asked >= size.min(MOST) {
            return;
        }
    }
}

#[cfg(all(target_arch = "x86_64", target_pointer_width = "64", not(miri)))]
#[cfg_attr(not(debug_assertions), inline)]
fn two_lines_to_write(at: *const u8) {
    // SAFETY: a prefetch takes every address, and changes nothing that a program could see. AMD's processors of this architecture have
    // this one, Intel's do or take it for no operation, but for the first of 2004. Not the intrinsic: on the basic target that asks
    // for memory to be read, and the other core keeps it.
    unsafe {
        std::arch::asm!(
            "prefetchw [{at}]",
            "prefetchw [{at} + 64]",
            at = in(reg) at.addr(),
            options(nomem, nostack, preserves_flags)
        );
    }
}

#[cfg(all(target_arch = "x86_64", target_pointer_width = "64", not(miri)))]
#[cfg_attr(not(debug_assertions), inline)]
fn two_lines_to_read(at: *const u8) {
    // SAFETY: as above; every processor of this architecture knows this one.
    unsafe {
        std::arch::asm!(
            "prefetcht0 [{at}]",
            "prefetcht0 [{at} + 64]",
            at = in(reg) at.addr(),
            options(nomem, nostack, preserves_flags)
        );
    }
}

#[cfg(not(all(target_arch = "x86_64", target_pointer_width = "64", not(miri))))]
#[cfg_attr(not(debug_assertions), inline)]
fn two_lines_to_write(_: *const u8) {}

#[cfg(not(all(target_arch = "x86_64", target_pointer_width = "64", not(miri))))]
#[cfg_attr(not(debug_assertions), inline)]
fn two_lines_to_read(_: *const u8) {}
