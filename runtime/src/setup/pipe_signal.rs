//! Threads of ours do not end the program when they write to what nobody reads any more.
//!
//! Rust's standard library ignores `SIGPIPE`; a program that gives it its default back, as many for the command line do, would be ended
//! by a connection that the receiver has left. The signal goes to the thread that writes, so it is blocked there, for ours alone: the
//! write is an error then. No handler is installed, and the program's threads keep what they have.
#![cfg_attr(unix, expect(unsafe_code, reason = "`pthread_sigmask` is C's"))]

/// Blocks the signal on the calling thread, and on those that it starts from now on.
#[cfg(unix)]
pub(crate) fn block() {
    let mut signals = std::mem::MaybeUninit::uninit();
    // SAFETY: `sigemptyset` makes a set of the memory that is there for one, the others read it.
    unsafe {
        libc::sigemptyset(signals.as_mut_ptr());
        libc::sigaddset(signals.as_mut_ptr(), libc::SIGPIPE);
        libc::pthread_sigmask(libc::SIG_BLOCK, signals.as_ptr(), std::ptr::null_mut());
    }
}

/// There is no such signal.
#[cfg(not(unix))]
pub(crate) fn block() {}
