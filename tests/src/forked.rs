//! A piece of a program in a child of its process, by `fork` alone, without `exec`.
#![expect(unsafe_code, reason = "`fork`, `waitpid`, `alarm` and `_exit` are C's")]

/// A child that takes longer hangs, and is ended by the system.
const SECONDS: u32 = 30;

/// Runs that in a child, and waits for it. Fails where the child does not end by itself, and well.
#[track_caller]
pub fn in_child(child: impl FnOnce()) {
    // SAFETY: the child has one thread; what it does is what the program is there to try.
    let process = unsafe { libc::fork() };
    assert!(process >= 0, "the system makes a child");
    if process == 0 {
        // SAFETY: a plain call.
        unsafe { libc::alarm(SECONDS) };
        child();
        // SAFETY: it leaves without destructors of what is the parent's.
        unsafe { libc::_exit(0) }
    }
    let mut status = 0;
    // SAFETY: `status` is there to be written.
    let waited = unsafe { libc::waitpid(process, &raw mut status, 0) };
    assert_eq!((waited, status), (process, 0), "the child ends by itself, and well");
}
