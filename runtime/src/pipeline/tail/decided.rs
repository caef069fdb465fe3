//! Decisions about traces, remembered for the spans that come later.
//!
//! Two generations: what is asked for, or new, is in the younger one. When that is full, the older one is forgotten and the
//! younger takes its place. So the number is bounded, and a trace that spans still come from is not forgotten.

use std::collections::HashMap;

type TraceId = [u8; 16];

/// Traces in a generation: about 1 MiB each.
const GENERATION: usize = 32 * 1024;

/// Whether traces were kept.
#[derive(Debug, Default)]
pub(super) struct Decided {
    younger: HashMap<TraceId, bool>,
    older: HashMap<TraceId, bool>,
}

impl Decided {
    /// What was decided about a trace, if it is remembered.
    pub(super) fn of(&mut self, trace: &TraceId) -> Option<bool> {
        if let Some(kept) = self.younger.get(trace) {
            return Some(*kept);
        }
        let kept = self.older.remove(trace)?;
        self.add(*trace, kept);
        Some(kept)
    }

    pub(super) fn add(&mut self, trace: TraceId, kept: bool) {
        if self.younger.len() >= GENERATION {
            self.older = std::mem::take(&mut self.younger);
        }
        self.younger.insert(trace, kept);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_is_remembered_and_the_number_is_bounded() {
        let mut decided = Decided::default();
        let id = |n: usize| (n as u128).to_be_bytes();
        decided.add(id(0), true);
        for n in 1..5 * GENERATION {
            decided.add(id(n), n % 2 == 0);
            if n % 1000 == 0 {
                assert_eq!(decided.of(&id(0)), Some(true));
            }
            assert!(decided.younger.len() + decided.older.len() <= 2 * GENERATION);
        }
        assert_eq!(decided.of(&id(5 * GENERATION - 1)), Some(false));
        assert_eq!(decided.of(&id(1)), None);
    }
}
