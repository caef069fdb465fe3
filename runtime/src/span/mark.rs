//! What a child span tells its parent about how it ended.
//!
//! An error, a panic or a cancellation is described once, at the span where it arose; the spans around it get the status
//! only. A parent knows that its own failure is its child's by this mark, which lies beside the current span: it is set when
//! a child ends badly, and travels with an async parent from thread to thread.

/// How the last child ended that failed, and whether one was cancelled.
///
/// The two do not hide each other: where one of several futures fails, the others are dropped (`try_join!`, `select!`, a panic that
/// unwinds through `join!`), before or after the failure reaches the span around them. They are one value all the same, which lies in
/// every frame.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Mark {
    /// Well, or there was none.
    #[default]
    None,
    /// With an error of this text.
    Error(Fingerprint),
    /// By a panic.
    Panicked,
    /// It was dropped before it finished.
    Cancelled,
    /// One with an error, one cancelled.
    ErrorAndCancelled(Fingerprint),
    /// One by a panic, one cancelled.
    PanickedAndCancelled,
}

impl Mark {
    /// With that of a child that ended later: of two that failed the later one counts.
    pub(crate) fn and(self, later: Self) -> Self {
        let cancelled = self.is_cancelled() || later.is_cancelled();
        let failed = if matches!(later, Self::None | Self::Cancelled) { self } else { later };
        match failed {
            Self::Error(text) | Self::ErrorAndCancelled(text) if cancelled => Self::ErrorAndCancelled(text),
            Self::Panicked if cancelled => Self::PanickedAndCancelled,
            Self::None if cancelled => Self::Cancelled,
            failed => failed,
        }
    }

    /// The text of a child's error.
    pub(crate) fn error(self) -> Option<Fingerprint> {
        match self {
            Self::Error(text) | Self::ErrorAndCancelled(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn is_panicked(self) -> bool {
        matches!(self, Self::Panicked | Self::PanickedAndCancelled)
    }

    pub(crate) fn is_cancelled(self) -> bool {
        matches!(self, Self::Cancelled | Self::ErrorAndCancelled(_) | Self::PanickedAndCancelled)
    }
}

/// A text by length and hash, so that it need not be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fingerprint {
    len: u32,
    hash: u32,
}

impl Fingerprint {
    pub(crate) fn of(text: &str) -> Self {
        Self { len: u32::try_from(text.len()).unwrap_or(u32::MAX), hash: hash(text.as_bytes()) }
    }

    /// Whether `text` is the text, or ends with it behind a colon, as in `format!("step failed: {error}")`.
    pub(crate) fn is_in(self, text: &str) -> bool {
        let bytes = text.as_bytes();
        bytes
            .len()
            .checked_sub(self.len as usize)
            .and_then(|start| bytes.split_at_checked(start))
            .is_some_and(|(before, end)| {
                !end.is_empty() && (before.is_empty() || before.ends_with(b": ")) && hash(end) == self.hash
            })
    }
}

/// FNV-1a of 64 bits, folded: a mark lies in every frame, and is to be small.
fn hash(bytes: &[u8]) -> u32 {
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3)
    });
    u32::try_from((hash ^ (hash >> 32)) & u64::from(u32::MAX)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{Fingerprint, Mark};

    #[test]
    fn an_error_is_recognised_alone_and_behind_a_prefix() {
        let inner = Fingerprint::of("no such model");
        assert!(inner.is_in("no such model"));
        assert!(inner.is_in("step failed: no such model"));
        assert!(!inner.is_in("no such tool!"));
        assert!(!Fingerprint::of("not found").is_in("user not found"));
        assert!(!Fingerprint::of("").is_in(""));
    }
    #[test]
    fn a_cancelled_child_hides_no_failed_one() {
        let (error, other) = (Mark::Error(Fingerprint::of("a")), Mark::Error(Fingerprint::of("b")));
        for failed in [error, Mark::Panicked] {
            for both in [failed.and(Mark::Cancelled), Mark::Cancelled.and(failed)] {
                assert!(both.is_cancelled());
                assert_eq!((both.error(), both.is_panicked()), (failed.error(), failed.is_panicked()));
                assert_eq!(both.and(Mark::Cancelled), both);
            }
        }
        assert_eq!(error.and(other), other);
        assert_eq!(Mark::Panicked.and(error), error);
        assert_eq!(Mark::Cancelled.and(error).and(other).error(), other.error());
        assert_eq!(Mark::None.and(Mark::Cancelled), Mark::Cancelled);
        assert!(!error.is_cancelled() && !Mark::None.and(error).is_cancelled());
    }

    #[test]
    fn a_mark_takes_no_more_than_a_fingerprint_and_a_word() {
        assert_eq!(size_of::<Mark>(), 12);
    }
}
