//! Whether the disk has room: the spool stops before it is full, since others live there, too. Looked at once a second.

use super::fs::Fs;
use super::store::{REST, Store};

/// With so many times the spool's bound free, the share of the disk that is used does not matter.
const PLENTY: u64 = 4;

/// Bytes of the disk, as far as this user may have them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Room {
    pub(crate) used: u64,
    pub(crate) free: u64,
}

impl Room {
    /// The part that is used, in percent.
    fn percent(self) -> u64 {
        let all = u128::from(self.used) + u128::from(self.free);
        let percent = u128::from(self.used) * 100 / all.max(1);
        u64::try_from(percent).unwrap_or(100)
    }
}

impl<F: Fs> Store<F> {
    pub(super) fn look_for_room(&mut self) {
        let Some(root) = self.root.as_ref().filter(|_| self.steady >= self.room_from) else { return };
        self.room_from = self.steady + REST;
        // A file system that does not say is written to until it is full.
        let disk = self.fs.room(root).ok();
        let is_crowded = |room: &Room| {
            room.percent() >= u64::from(self.options.disk_percent)
                && room.free < self.options.max_bytes.saturating_mul(PLENTY)
        };
        let crowded = disk.filter(is_crowded);
        if let Some(room) = crowded {
            self.problem = Some(format!("{} percent of the disk are in use", room.percent()));
        } else if self.crowded {
            self.problem = None;
        }
        self.crowded = crowded.is_some();
    }
}
