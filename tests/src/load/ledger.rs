//! What a sender says of where its spans are: a line that the load program prints and the comparison reads.

use std::fmt;
use std::ops::Add;
use std::str::FromStr;

/// Where the spans of a sender are, at its end; or those of several.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ledger {
    /// Spans that it started.
    pub started: u64,
    /// Spans of an earlier process that it found on disk.
    pub recovered: u64,
    /// Spans that were acknowledged.
    pub delivered: u64,
    /// Spans that it lost, and counted, and those that the receiver refused.
    pub dropped: u64,
    /// Spans that it has left on disk.
    pub spooled: u64,
    /// Spans that are nowhere of these.
    pub left: u64,
}

impl Ledger {
    /// Spans that no sender has any more and that none of them calls delivered: those that are on disk may be there twice, as
    /// left by one and as recovered by another.
    pub fn undelivered(self) -> u64 {
        (self.dropped + self.spooled).saturating_sub(self.recovered)
    }

    /// Whether each span is in exactly one place.
    pub(super) fn is_balanced(self) -> bool {
        self.started + self.recovered == self.delivered + self.dropped + self.spooled + self.left
    }
}

impl Add for Ledger {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            started: self.started + other.started,
            recovered: self.recovered + other.recovered,
            delivered: self.delivered + other.delivered,
            dropped: self.dropped + other.dropped,
            spooled: self.spooled + other.spooled,
            left: self.left + other.left,
        }
    }
}

impl fmt::Display for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { started, recovered, delivered, dropped, spooled, left } = self;
        write!(f, "ledger started={started} recovered={recovered} delivered={delivered} dropped={dropped}")?;
        write!(f, " spooled={spooled} left={left}")
    }
}

impl FromStr for Ledger {
    type Err = String;

    fn from_str(line: &str) -> Result<Self, String> {
        let field = |name: &str| {
            let mut words = line.split(' ');
            let value = words.find_map(|word| word.strip_prefix(name)?.strip_prefix('='));
            value.and_then(|value| value.parse().ok()).ok_or_else(|| format!("no {name}=<number>: {line}"))
        };
        Ok(Self {
            started: field("started")?,
            recovered: field("recovered")?,
            delivered: field("delivered")?,
            dropped: field("dropped")?,
            spooled: field("spooled")?,
            left: field("left")?,
        })
    }
}
