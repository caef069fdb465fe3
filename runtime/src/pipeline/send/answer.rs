//! What a receiver's answer means for the request: delivered, to be sent again, or never to be sent again.
//!
//! The codes are those of the OTLP specification (1.x), "Failures" of OTLP/gRPC and of OTLP/HTTP.

use std::borrow::Cow;
use std::time::Duration;

/// An answer, or that there was none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The receiver has it, but for `rejected` spans, about which it may say something.
    Accepted { rejected: u64, message: Option<String> },
    /// To be sent again, not before `after` where the receiver says so. It may have the request all the same.
    Later { after: Option<Duration>, may_have_arrived: bool, cause: Cause },
    /// The receiver knows us not: to be sent again, but rarely.
    Denied { cause: Cause },
    /// The request is larger than the receiver takes; its halves may not be.
    TooLarge { cause: Cause },
    /// Never to be sent again.
    Refused { cause: Cause },
}

#[cfg(feature = "metrics")]
impl Answer {
    /// A value for `error.type`, where it is no success.
    pub(crate) fn kind(&self) -> Option<&'static str> {
        match self {
            Self::Accepted { .. } => None,
            Self::Later { .. } => Some("unavailable"),
            Self::Denied { .. } => Some("denied"),
            Self::TooLarge { .. } => Some("too_large"),
            Self::Refused { .. } => Some("refused"),
        }
    }
}

/// Why, for people: a code, an error of the connection. Never what the receiver says beyond that, nor where it is.
pub(crate) type Cause = Cow<'static, str>;

/// Beyond this no receiver is waited for: it would be as good as a loss.
const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// The wait that a receiver asked for, within bounds.
pub(crate) fn bounded(wait: Duration) -> Duration {
    wait.min(LONGEST_WAIT)
}
