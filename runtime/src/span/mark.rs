//! What a child span tells its parent about how it ended.
//!
//! An error, a panic or a cancellation is described once, at the span where it arose; the spans around it get the status
//! only. A parent knows that its own failure is its child's by this mark, which lies beside the current span: it is set when
//! a child ends badly, and travels with an async parent from thread to thread.

/// How the last child ended that did not end well.
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
    use super::Fingerprint;

    #[test]
    fn an_error_is_recognised_alone_and_behind_a_prefix() {
        let inner = Fingerprint::of("no such model");
        assert!(inner.is_in("no such model"));
        assert!(inner.is_in("step failed: no such model"));
        assert!(!inner.is_in("no such tool!"));
        assert!(!Fingerprint::of("not found").is_in("user not found"));
        assert!(!Fingerprint::of("").is_in(""));
    }
}
