//! Which call sites are recorded: a filter by module and level.
//!
//! The decision is made once for each call site and filter. It is kept in the call site together with the number of the filter
//! that made it, so that the next installed filter decides anew. Without a filter the number is zero and nothing is looked up.

mod parse;
#[cfg(test)]
mod tests;

use std::fmt;
use std::io::{self, Write as _};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::callsite::{Callsite, callsites};

/// How much detail a function is: what a filter goes by. Without a filter functions of every level are recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// Only what went wrong.
    Error = 1,
    /// What may go wrong.
    Warn = 2,
    /// What a person who runs the program wants to see; the level of a function whose attribute says none.
    Info = 3,
    /// What a person who changes the program wants to see.
    Debug = 4,
    /// Everything.
    Trace = 5,
}

impl Level {
    const ALL: [Self; 5] = [Self::Error, Self::Warn, Self::Info, Self::Debug, Self::Trace];

    /// As it is written in an attribute and in a filter.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What of a module is recorded: functions of this level and less detail, or none.
type Limit = Option<Level>;

/// What was written between two commas: `level`, `module` or `module=level`.
#[derive(Debug, PartialEq, Eq)]
struct Directive {
    /// As it was written.
    text: String,
    /// Empty for all modules.
    module: String,
    limit: Limit,
}

/// Directives, the most specific module first.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    directives: Vec<Directive>,
}

impl Filter {
    /// Whether a call site is recorded: as the first directive for its module says; where there is none, it is.
    fn wants(&self, module: &str, level: Level) -> bool {
        self.directives
            .iter()
            .find(|directive| directive.is_for(module))
            .is_none_or(|directive| directive.limit.is_some_and(|limit| level as u8 <= limit as u8))
    }

    /// The directives that name a module in which none of `modules` is, as they were written.
    pub(crate) fn unmatched<'a>(&'a self, modules: &[&str]) -> impl Iterator<Item = &'a str> {
        self.directives
            .iter()
            .filter(|directive| !modules.iter().any(|module| directive.is_for(module)))
            .map(|directive| &*directive.text)
    }
}

impl fmt::Display for Filter {
    /// The directives as they were written, the most specific first.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts: Vec<&str> = self.directives.iter().map(|directive| &*directive.text).collect();
        f.write_str(&texts.join(","))
    }
}

impl Directive {
    fn is_for(&self, module: &str) -> bool {
        let Some(rest) = module.strip_prefix(&*self.module) else { return false };
        self.module.is_empty() || rest.is_empty() || rest.starts_with("::")
    }
}

/// A filter with a number of its own, or none.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    /// Zero where there is no filter.
    number: AtomicU32,
    filter: Filter,
}

/// A number that no filter had. Without the bit that a decision needs, and not zero. After two thousand million filters one comes
/// again.
fn next_number() -> u32 {
    static LAST: AtomicU32 = AtomicU32::new(1);
    (LAST.fetch_add(1, Ordering::Relaxed) & (u32::MAX >> 1)).max(1)
}

/// The bit of a kept decision that lets a call site pass; the number of the filter stands above it.
const PASSES: u32 = 1;

impl Gate {
    /// A gate that lets pass what `filter` wants; without one, everything.
    pub(crate) fn new(filter: Option<Filter>) -> Self {
        let Some(filter) = filter else { return Self::default() };
        Self { number: AtomicU32::new(next_number()), filter }
    }

    /// Shuts it: from now on it is not [open](Self::is_open).
    pub(crate) fn shut_now(&self) {
        if self.is_open() {
            // Another thread may do the same: any number that is not zero will do.
            self.number.store(next_number(), Ordering::Relaxed);
        }
    }

    #[cfg_attr(not(debug_assertions), inline)]
    fn number(&self) -> u32 {
        self.number.load(Ordering::Relaxed)
    }

    /// Whether everything passes, without a look at the call site.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn is_open(&self) -> bool {
        self.number() == 0
    }

    /// Says on standard error which directives are for modules without a traced function, where the platform can tell.
    pub(crate) fn tell_unmatched(&self) {
        let sites = callsites();
        if self.number() == 0 || !sites.is_complete() {
            return;
        }
        let mut modules: Vec<&str> = sites.map(Callsite::module).collect();
        modules.dedup();
        for directive in self.filter.unmatched(&modules) {
            // Nobody is left to tell when standard error is closed.
            let _ = writeln!(
                io::stderr(),
                "wirespan: the filter's `{directive}` matches no traced function; {}",
                crates(&modules)
            );
        }
    }

    /// Whether calls of `callsite` are recorded.
    #[cfg_attr(not(debug_assertions), inline)]
    pub(crate) fn lets_pass(&self, callsite: &Callsite) -> bool {
        if self.number() == 0 {
            return true;
        }
        let decision = callsite.decision.load(Ordering::Relaxed);
        if decision >> 1 == self.number() { decision & PASSES != 0 } else { self.decide(callsite) }
    }

    /// Decides, and keeps the decision. Several threads may do so at once: they decide the same.
    #[cold]
    fn decide(&self, callsite: &Callsite) -> bool {
        let passes = self.filter.wants(callsite.module(), callsite.level());
        callsite.decision.store(self.number() << 1 | u32::from(passes), Ordering::Relaxed);
        passes
    }
}

/// The crates that have traced functions, of their sorted modules: the first few, for a person who looks for a slip.
fn crates(modules: &[&str]) -> String {
    const NAMED: usize = 8;
    let mut crates: Vec<&str> =
        modules.iter().map(|module| module.split_once("::").map_or(*module, |(first, _)| first)).collect();
    crates.dedup();
    let named: Vec<String> = crates.iter().take(NAMED).map(|name| format!("`{name}`")).collect();
    match crates.len() {
        0 => "there is none in this program".to_owned(),
        1..=NAMED => format!("there are some in {}", named.join(", ")),
        _ => format!("there are some in {}, …", named.join(", ")),
    }
}
