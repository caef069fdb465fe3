//! Text as a label: from a list that the program gives, or the first so many values that are seen. What is neither is `_OTHER`.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use arc_swap::ArcSwapOption;

/// What stands for a value that is not on the list, or one too many; OpenTelemetry's word for it.
const OTHER: &str = "_OTHER";

/// Texts that may be labels.
///
/// ```
/// use wirespan::metrics::Names;
///
/// /// What is known when compiling.
/// static PROVIDERS: Names = Names::listed(&["openai", "anthropic"]);
/// /// What is known at run time: the first 50 that are seen, each cut to 64 bytes.
/// static MODELS: Names = Names::first(50, 64);
///
/// assert_eq!(PROVIDERS.name("openai").as_str(), "openai");
/// assert_eq!(PROVIDERS.name("my-own").as_str(), "_OTHER");
/// assert_eq!(MODELS.name("gpt-5").as_str(), "gpt-5");
/// ```
pub struct Names {
    listed: &'static [&'static str],
    most: usize,
    max_bytes: usize,
    /// Replaced as a whole: a lock might be another thread's when a process forks.
    seen: ArcSwapOption<HashSet<&'static str>>,
}

/// A text that may be a label: one of few. [`Names::name`] makes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Name(&'static str);

impl Name {
    /// The text.
    pub fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}

impl Names {
    /// Only these.
    pub const fn listed(listed: &'static [&'static str]) -> Self {
        Self { listed, most: 0, max_bytes: usize::MAX, seen: ArcSwapOption::const_empty() }
    }

    /// The first `most` different ones that are asked for, each cut to `max_bytes` bytes at the end of a character. They stay in
    /// memory for good: at most `most` times `max_bytes`.
    pub const fn first(most: usize, max_bytes: usize) -> Self {
        Self { listed: &[], most, max_bytes, seen: ArcSwapOption::const_empty() }
    }

    /// The label for this text; `_OTHER` where it is none of them.
    pub fn name(&'static self, text: &str) -> Name {
        if let Some(listed) = self.listed.iter().find(|listed| **listed == text) {
            return Name(listed);
        }
        if self.most == 0 {
            return Name(OTHER);
        }
        let text = cut(text, self.max_bytes);
        match known(self.seen.load().as_deref(), text, self.most) {
            Some(name) => name,
            None => self.add(text),
        }
    }

    #[cold]
    fn add(&'static self, text: &str) -> Name {
        let (mut kept, mut name) = (None, Name(OTHER));
        self.seen.rcu(|seen| {
            // Another thread may have been faster, with this one or with the last.
            if let Some(known) = known(seen.as_deref(), text, self.most) {
                name = known;
                return seen.clone();
            }
            let text: &'static str =
                kept.get_or_insert_with(|| -> &'static str { Box::leak(Box::from(text)) });
            name = Name(text);
            let mut more = seen.as_deref().cloned().unwrap_or_default();
            more.insert(text);
            Some(Arc::new(more))
        });
        name
    }
}

/// The label for this text, if it is one of those seen, or there is no room for more.
fn known(seen: Option<&HashSet<&'static str>>, text: &str, most: usize) -> Option<Name> {
    match seen.and_then(|seen| seen.get(text)) {
        Some(known) => Some(Name(known)),
        None if seen.is_some_and(|seen| seen.len() >= most) => Some(Name(OTHER)),
        None => None,
    }
}

/// The first `max` bytes, less what would cut a character in two.
fn cut(text: &str, max: usize) -> &str {
    let mut end = text.len().min(max);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

impl fmt::Debug for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Names")
            .field("listed", &self.listed)
            .field("most", &self.most)
            .field("max_bytes", &self.max_bytes)
            .finish_non_exhaustive()
    }
}
