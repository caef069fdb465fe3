/// Its documentation stays, and what stands inside, too.
#[traced]
#[inline]
#[must_use]
pub fn attributes(#[cfg(unix)] id: u64) -> u64 {
    #![allow(unused)]
    id
}
