//! What identifies a value that is skipped.

use std::fmt::{self, Write as _};

use super::output::Bounded;

/// Collects the identifiers of a skipped value.
#[derive(Debug)]
pub struct IdsWriter<'a> {
    out: &'a mut String,
}

/// How many elements of a skipped collection are asked for their identifier.
const IDS_SHOWN: usize = 5;

impl<'a> IdsWriter<'a> {
    pub(crate) fn new(out: &'a mut String) -> Self {
        Self { out }
    }

    /// One identifier: `, id=…`.
    pub fn one(&mut self, id: &dyn fmt::Display) {
        let _ = write!(self.out, ", id={}", Short(id));
    }

    /// The first identifiers of a collection: `, ids=[a,b,c,d,e... (7 total)]`.
    pub fn many<'i>(&mut self, total: usize, ids: impl Iterator<Item = Option<&'i dyn fmt::Display>>) {
        let shown: Vec<String> = ids.take(IDS_SHOWN).flatten().map(|id| Short(id).to_string()).collect();
        if !shown.is_empty() {
            let more = if total > IDS_SHOWN { format!("... ({total} total)") } else { String::new() };
            let _ = write!(self.out, ", ids=[{}{more}]", shown.join(","));
        }
    }
}

/// An identifier, cut to a sensible length (bytes).
struct Short<'a>(&'a dyn fmt::Display);

impl fmt::Display for Short<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = Vec::new();
        // Full or failed: what there is, is shown.
        let _ = write!(Bounded::new(&mut bytes, 128), "{}", self.0);
        f.write_str(&String::from_utf8_lossy(&bytes))
    }
}
