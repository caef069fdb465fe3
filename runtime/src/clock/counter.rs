//! Ticks: what the platform reads fastest and at a constant rate.
//!
//! On `x86_64` that is the time stamp counter, where the processor says that neither frequency nor sleep states touch it, and the
//! system's kernel has found nothing against it; on `aarch64` the virtual counter, which the architecture has run at one rate. Anywhere
//! else, and under Miri, a tick is a nanosecond of the standard library's `Instant`. Which one is decided once in a process. What a
//! tick lasts is for `rate` to find out.
#![expect(unsafe_code, reason = "the counters of processors are read by instructions")]

use std::sync::OnceLock;
use std::time::Instant;

/// Whence ticks come.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source {
    counts: bool,
}

impl Source {
    /// The process's, decided by the first caller.
    pub(super) fn of_process() -> Self {
        static SOURCE: OnceLock<Source> = OnceLock::new();
        *SOURCE.get_or_init(|| Self { counts: is_good() })
    }

    /// The one that there is everywhere.
    #[cfg(test)]
    pub(super) fn of_system() -> Self {
        Self { counts: false }
    }

    /// Whether a tick is the processor's, so that nobody knows what it lasts. The others last a nanosecond.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(super) fn is_counter(self) -> bool {
        self.counts
    }

    /// Now.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(super) fn read(self) -> u64 {
        if self.counts { count() } else { system_nanos() }
    }
}

/// Nanoseconds of the system's monotonic clock, since it was first asked for them.
#[cold]
#[inline(never)]
pub(super) fn system_nanos() -> u64 {
    static START: OnceLock<Instant> = OnceLock::new();
    u64::try_from(START.get_or_init(Instant::now).elapsed().as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(all(target_arch = "x86_64", not(miri)))]
#[cfg_attr(not(debug_assertions), inline)]
pub(super) fn count() -> u64 {
    let (low, high): (u64, u64);
    // SAFETY: each processor of this architecture has the counter, and only reads it. A kernel that forbids programs to (Linux's
    // `PR_SET_TSC`) has them ended by a signal, as `clock_gettime` would be there. Not the intrinsic: for all that the compiler knows of
    // that, it writes to memory, so that what was read before is read again.
    unsafe {
        core::arch::asm!("rdtsc", out("rax") low, out("rdx") high, options(nomem, nostack, preserves_flags));
    }
    high << 32 | low
}

/// The processor keeps the counter at one rate and says so, and Linux's watchdog has not found it unstable.
#[cfg(all(target_arch = "x86_64", not(miri)))]
fn is_good() -> bool {
    /// Of advanced power management, and the bit of its `edx` for a counter that is invariant.
    const POWER: u32 = 0x8000_0007;
    const INVARIANT: u32 = 1 << 8;
    // Not unsafe since Rust 1.94: this way it compiles without a warning before and after.
    let cpuid: unsafe fn(u32) -> core::arch::x86_64::CpuidResult = core::arch::x86_64::__cpuid;
    // SAFETY: each processor of this architecture has the instruction, and answers zeros to what it does not know below the
    // highest leaf, which is asked for first.
    let is_invariant = unsafe { cpuid(0x8000_0000).eax >= POWER && cpuid(POWER).edx & INVARIANT != 0 };
    is_invariant && kernel_agrees()
}

/// Linux lists the counter among the clocks that can be chosen until it finds that it runs unevenly, or differently on two processors.
/// Where it does not tell (a container without `/sys`), the processor's word counts.
#[cfg(all(target_arch = "x86_64", not(miri)))]
fn kernel_agrees() -> bool {
    if !cfg!(any(target_os = "linux", target_os = "android")) {
        return true;
    }
    std::fs::read_to_string("/sys/devices/system/clocksource/clocksource0/available_clocksource")
        .map_or(true, |known| known.trim().is_empty() || known.split_whitespace().any(|name| name == "tsc"))
}

#[cfg(all(target_arch = "aarch64", not(target_os = "ios"), not(miri)))]
#[cfg_attr(not(debug_assertions), inline)]
pub(super) fn count() -> u64 {
    let count;
    // SAFETY: each processor of this architecture has the register, systems but iOS let programs read it, and that changes nothing.
    unsafe {
        core::arch::asm!("mrs {}, cntvct_el0", out(reg) count, options(nomem, nostack, preserves_flags));
    }
    count
}

/// The architecture has it run at one rate, on all processors the same.
#[cfg(all(target_arch = "aarch64", not(target_os = "ios"), not(miri)))]
fn is_good() -> bool {
    true
}

#[cfg(any(miri, not(any(target_arch = "x86_64", all(target_arch = "aarch64", not(target_os = "ios"))))))]
pub(super) fn count() -> u64 {
    system_nanos()
}

/// None is known.
#[cfg(any(miri, not(any(target_arch = "x86_64", all(target_arch = "aarch64", not(target_os = "ios"))))))]
fn is_good() -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_process_has_one_source_and_it_moves_on() {
        let source = Source::of_process();
        assert_eq!(source.is_counter(), Source::of_process().is_counter());
        let before = source.read();
        std::thread::sleep(std::time::Duration::from_millis(1));
        assert!(source.read() > before);
    }

    #[test]
    fn a_tick_of_the_system_is_a_nanosecond() {
        let source = Source::of_system();
        assert!(!source.is_counter());
        let (before, began) = (source.read(), Instant::now());
        std::thread::sleep(std::time::Duration::from_millis(2));
        let (slept, ticks) = (began.elapsed().as_nanos(), u128::from(source.read() - before));
        assert!(slept <= ticks, "{slept} {ticks}");
        assert!(ticks <= began.elapsed().as_nanos() + u128::from(source.read() - before), "{ticks}");
    }

    #[test]
    fn ticks_of_one_thread_never_go_back() {
        let source = Source::of_process();
        let mut last = source.read();
        for _ in 0..100_000 {
            let now = source.read();
            assert!(now >= last, "{now} after {last}");
            last = now;
        }
    }
}
