//! The shapes of function that are traced, and the work that they do: the same few instructions in every stack.
//!
//! A stack writes the four functions `sync0`, `sync2`, `sync8` and `async2` with these signatures, each `#[inline(never)]` and
//! each calling its namesake of [`work`]; the macro `burst_of!` then runs the one that a case names.

use std::fmt;
use std::str::FromStr;

use crate::Error;

/// A shape of function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Case {
    /// A plain function without parameters.
    Sync0,
    /// A plain function of a `u64` and a `&str` of 16 bytes.
    Sync2,
    /// A plain function of eight parameters of mixed types.
    Sync8,
    /// An async function of a `u64` and a `&str` of 16 bytes, ready at its first poll.
    Async2,
}

impl Case {
    /// Every case, in the order of the report.
    pub const ALL: [Self; 4] = [Self::Sync0, Self::Sync2, Self::Sync8, Self::Async2];

    /// The name in the report and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sync0 => "sync0",
            Self::Sync2 => "sync2",
            Self::Sync8 => "sync8",
            Self::Async2 => "async2",
        }
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Case {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|case| case.name() == name);
        found.ok_or_else(|| format!("there is no case `{name}`").into())
    }
}

/// What the functions are called with. The optimiser does not see through it.
#[derive(Debug)]
pub struct Input {
    /// A number of five digits.
    pub id: u64,
    /// 16 bytes.
    pub tag: String,
    /// A small number.
    pub attempt: i32,
    /// A flag.
    pub retried: bool,
    /// A fraction.
    pub ratio: f64,
    /// 12 bytes.
    pub region: String,
    /// A number of seven digits.
    pub bytes: u64,
    /// 24 bytes.
    pub note: String,
}

impl Default for Input {
    fn default() -> Self {
        Self {
            id: 48_213,
            tag: "order-0123456789".to_owned(),
            attempt: 3,
            retried: true,
            ratio: 0.625,
            region: "eu-central-1".to_owned(),
            bytes: 1_048_576,
            note: "delivered to a neighbour".to_owned(),
        }
    }
}

/// Runs a burst of the caller's `sync0`, `sync2`, `sync8` or `async2`, whichever the case names.
macro_rules! burst_of {
    ($case:expr, $calls:expr) => {{
        use std::hint::black_box;
        let input = black_box($crate::case::Input::default());
        let calls: u32 = $calls;
        match $case {
            $crate::case::Case::Sync0 => $crate::burst::timed(calls, || sync0()),
            $crate::case::Case::Sync2 => {
                $crate::burst::timed(calls, || sync2(black_box(input.id), black_box(&input.tag)))
            }
            $crate::case::Case::Sync8 => $crate::burst::timed(calls, || {
                sync8(
                    black_box(input.id),
                    black_box(&input.tag),
                    black_box(input.attempt),
                    black_box(input.retried),
                    black_box(input.ratio),
                    black_box(&input.region),
                    black_box(input.bytes),
                    black_box(&input.note),
                )
            }),
            $crate::case::Case::Async2 => $crate::burst::timed(calls, || {
                $crate::burst::block_on(std::pin::pin!(async2(black_box(input.id), black_box(&input.tag))))
            }),
        }
    }};
}
pub(crate) use burst_of;

/// The bodies of the functions.
#[expect(clippy::too_many_arguments, reason = "eight parameters are the case")]
pub mod work {
    use std::hint::black_box;

    /// Of `sync0`.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "the traced function is the call to be measured, not this one")]
    pub fn sync0() -> u64 {
        black_box(7)
    }

    /// Of `sync2`.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "as for `sync0`")]
    pub fn sync2(id: u64, tag: &str) -> u64 {
        black_box(id ^ length(tag))
    }

    /// Of `sync8`.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "as for `sync0`")]
    pub fn sync8(
        id: u64,
        tag: &str,
        attempt: i32,
        retried: bool,
        ratio: f64,
        region: &str,
        bytes: u64,
        note: &str,
    ) -> u64 {
        let lengths = length(tag) ^ length(region) ^ length(note);
        black_box(
            id ^ bytes ^ lengths ^ u64::from(attempt.unsigned_abs()) ^ u64::from(retried) ^ ratio.to_bits(),
        )
    }

    /// Of `async2`.
    pub async fn async2(id: u64, tag: &str) -> u64 {
        std::future::ready(black_box(id ^ length(tag))).await
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "as for `sync0`")]
    fn length(text: &str) -> u64 {
        u64::try_from(text.len()).unwrap_or(u64::MAX)
    }
}
