//! The cases in `ui/` with their messages, taken apart.

use std::fs;
use std::path::{Path, PathBuf};

/// The most characters of a first line.
const FIRST_LINE: usize = 100;

/// Words that a message has no use for: what to type helps, what the parser thought does not.
const WORDS: [&str; 5] = ["invalid", "illegal", "unexpected", "failed to parse", "TokenStream"];

/// One case: what is compiled, and what the compiler says of it.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) source: String,
    /// All that the compiler said.
    pub(crate) said: String,
    messages: Vec<Message>,
}

/// One error.
pub(crate) struct Message {
    /// What is wrong.
    pub(crate) first: String,
    /// What to type, where that stands in the second line.
    pub(crate) help: Option<String>,
    /// Where the marked tokens begin, counted from zero.
    pub(crate) line: usize,
    pub(crate) column: usize,
    /// How many characters are marked.
    pub(crate) len: usize,
    marked: String,
}

/// All cases that are to fail, by name.
pub(crate) fn cases() -> impl Iterator<Item = Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "stderr"))
        .collect();
    files.sort();
    files.into_iter().map(|path| {
        let source = fs::read_to_string(path.with_extension("rs")).unwrap();
        let said = fs::read_to_string(&path).unwrap();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let messages = said.split("\n\n").filter_map(|block| Message::of(block, &source)).collect();
        Case { name, source, said, messages }
    })
}

impl Case {
    /// The messages of ours.
    pub(crate) fn ours(&self) -> impl Iterator<Item = &Message> {
        self.messages.iter().filter(|message| message.help.is_some())
    }

    /// Whether no message is another's.
    pub(crate) fn is_ours(&self) -> bool {
        self.messages.iter().all(|message| message.help.is_some())
    }
}

impl Message {
    fn of(block: &str, source: &str) -> Option<Self> {
        let mut lines = block.trim_start().lines();
        let (_, first) = lines.next()?.split_once(": ").filter(|(kind, _)| kind.starts_with("error"))?;
        let help = lines.next()?.trim_start().strip_prefix("help: ").map(ToOwned::to_owned);
        let place = block.lines().find_map(|line| line.trim_start().strip_prefix("--> "))?;
        let mut numbers = place.rsplit(':').map(str::parse::<usize>);
        let (column, line) = (numbers.next()?.ok()? - 1, numbers.next()?.ok()? - 1);
        let marks = block.lines().find(|line| line.contains('^'))?;
        let len = marks.matches('^').count();
        let marked = source.lines().nth(line)?.get(column..)?.get(..len).unwrap_or_default().to_owned();
        Some(Self { first: first.to_owned(), help, line, column, len, marked })
    }

    /// The rules that its text breaks.
    pub(crate) fn broken_rules(&self) -> impl Iterator<Item = &'static str> {
        let first = &self.first;
        let help = self.help.as_deref().unwrap_or_default();
        [
            (first.chars().count() > FIRST_LINE, "over 100 characters"),
            (first.starts_with(char::is_uppercase), "begins with a capital"),
            (first.ends_with(['.', '!']), "ends like a sentence"),
            (help.is_empty() || help.ends_with('.'), "a help line without words, or with a full stop"),
            (help.starts_with(char::is_uppercase), "a help line that begins with a capital"),
            (WORDS.iter().any(|word| first.contains(word) || help.contains(word)), "a parser's word"),
            (first.matches('`').count() % 2 == 1 || help.matches('`').count() % 2 == 1, "a lonely backtick"),
        ]
        .into_iter()
        .filter(|(broken, _)| *broken)
        .map(|(_, rule)| rule)
    }

    /// Whether all of `#[…]` is marked.
    pub(crate) fn marks_whole_attribute(&self) -> bool {
        self.marked.starts_with("#[") || self.len == 0
    }

    /// The marked tokens.
    pub(crate) fn marked(&self) -> &str {
        &self.marked
    }
}
