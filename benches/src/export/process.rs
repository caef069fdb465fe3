//! What this process has used. Linux only: memory is read from `/proc/self/status`.

use std::fs;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

use crate::Result;

/// CPU time of all threads of this process, those that have ended included.
pub fn cpu_time() -> Duration {
    let now = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(now.tv_sec.unsigned_abs(), u32::try_from(now.tv_nsec).unwrap_or(0))
}

/// Memory in bytes: resident now, and at its highest.
///
/// # Errors
/// Where there is no `/proc`.
pub fn memory() -> Result<(u64, u64)> {
    let status = fs::read_to_string("/proc/self/status")?;
    let field = |name: &str| -> Result<u64> {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let kib = line.and_then(|line| line.trim_start_matches(':').trim().strip_suffix(" kB"));
        Ok(kib.ok_or_else(|| format!("/proc/self/status has no {name}"))?.trim().parse::<u64>()? * 1024)
    };
    Ok((field("VmRSS")?, field("VmHWM")?))
}
