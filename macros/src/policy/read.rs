//! The text of `wirespan.toml` as a [`Policy`], or every mistake in it with its line.
//!
//! What is wrong is left out and the rest counts, so that one mistake here is one error and not one for each traced function.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::mistake::Mistake;
use super::{DebugOnly, Names, Policy};
use crate::args::{CEILING, Refused, parse_size, show_size};
use crate::check::{DEFAULT_SPAN, SKIPPED};
use crate::secret::{has_words, looks_secret_by_default};
use crate::suggest;

/// The keys of the file, in declared order.
const KEYS: [&str; 5] = ["skip", "redact", "max_value", "max_span", "debug_only"];
/// The keys of `skip` and of `redact`.
const CHANGES: [&str; 2] = ["add", "remove"];
/// The words of `debug_only`.
const WORDS: [(&str, DebugOnly); 3] =
    [("show", DebugOnly::Show), ("type-name", DebugOnly::TypeName), ("error", DebugOnly::Error)];

/// Reads `text`, which is that of the file that messages call `file`.
pub(super) fn read(text: &str, file: &str) -> (Policy, Vec<Mistake>) {
    let mut reader = Reader { text, file, policy: Policy::default(), mistakes: Vec::new() };
    match DeTable::parse(text) {
        Ok(table) => reader.table(table.get_ref()),
        Err(error) => {
            let at = error.span().map_or(0, |span| span.start);
            if error.message().contains("duplicate") {
                reader.report(at, "a key is set twice", "remove one of the two");
            } else {
                reader.report(
                    at,
                    "this is not TOML",
                    "write `key = value`, or the name of a table like `[skip]`",
                );
            }
        }
    }
    reader.mistakes.sort_by_key(|(at, _)| *at);
    (reader.policy, reader.mistakes.into_iter().map(|(_, mistake)| mistake).collect())
}

struct Reader<'a> {
    text: &'a str,
    file: &'a str,
    policy: Policy,
    mistakes: Vec<(usize, Mistake)>,
}

impl Reader<'_> {
    fn report(&mut self, at: usize, wrong: impl Into<String>, help: impl Into<String>) {
        let before = self.text.get(..at).unwrap_or(self.text);
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let at_line = format!("{}, line {line}", self.file);
        self.mistakes.push((at, Mistake { at: at_line, wrong: wrong.into(), help: help.into() }));
    }

    fn table(&mut self, table: &DeTable<'_>) {
        for (key, value) in table {
            let at = key.span().start;
            match key.get_ref().as_ref() {
                "skip" => self.policy.skip = self.names("skip", at, value),
                "redact" => self.policy.redact = self.names("redact", at, value),
                "max_value" => self.policy.max_value = self.size("max_value", value),
                "max_span" => self.policy.max_span = self.size("max_span", value),
                "debug_only" => self.policy.debug_only = self.word(value),
                other => {
                    let help = suggest::help(other, KEYS, "");
                    self.report(at, format!("`{other}` is not a key of the policy"), help);
                }
            }
        }
        let whole = self.policy.max_span.unwrap_or(DEFAULT_SPAN);
        if let Some(value) = self.policy.max_value.filter(|value| *value > whole) {
            let at = table.get("max_value").map_or(0, |value| value.span().start);
            let (value, whole) = (show_size(value), show_size(whole));
            let wrong = format!("`max_value` of {value} is over `max_span` of {whole}");
            self.report(at, wrong, format!("lower `max_value` to at most {whole}, or raise `max_span`"));
            self.policy.max_value = None;
        }
    }

    /// `add` and `remove` of one list.
    fn names(&mut self, list: &str, at: usize, value: &Spanned<DeValue<'_>>) -> Names {
        let mut names = Names::default();
        let Some(table) = value.get_ref().as_table() else {
            self.report(
                at,
                format!("`{list}` says what is added to its list and what is removed"),
                format!("write `{list}.add = [\"name\"]`, or `{list}.remove = [\"name\"]`"),
            );
            return names;
        };
        for (key, value) in table {
            let at = key.span().start;
            match key.get_ref().as_ref() {
                "add" => names.add = self.strings(list, "add", value),
                "remove" => names.remove = self.strings(list, "remove", value),
                other => {
                    let help = suggest::help(other, CHANGES, "");
                    self.report(at, format!("`{list}.{other}` is not a key of the policy"), help);
                }
            }
        }
        let both = names.remove.iter().find(|name| names.adds(name)).cloned();
        if let Some(both) = both {
            let help = format!("keep it in `{list}.add` or in `{list}.remove`");
            self.report(at, format!("`{both}` is both added to `{list}` and removed from it"), help);
        }
        names
    }

    fn strings(&mut self, list: &str, change: &str, value: &Spanned<DeValue<'_>>) -> Vec<String> {
        let mut strings = Vec::new();
        let Some(array) = value.get_ref().as_array() else {
            let wrong = format!("`{list}.{change}` needs a list of names");
            self.report(value.span().start, wrong, format!("write `{list}.{change} = [\"name\"]`"));
            return strings;
        };
        for element in array {
            let at = element.span().start;
            let Some(name) = element.get_ref().as_str().filter(|name| is_name(name)) else {
                let wrong = format!("`{list}.{change}` holds something that is not the name of a parameter");
                self.report(at, wrong, "write names in quotes, like `\"user_id\"`");
                continue;
            };
            if change == "remove" && list == "skip" && !SKIPPED.contains(&name) {
                let wrong = format!("`{name}` is not on the default list of skipped names");
                self.report(at, wrong, suggest::help(name, SKIPPED, ""));
            } else if change == "remove" && list == "redact" && !looks_secret_by_default(name) {
                let wrong = format!("`{name}` does not look like a secret and is not redacted");
                self.report(at, wrong, format!("remove it from `{list}.{change}`"));
            } else {
                strings.push(name.to_owned());
            }
        }
        strings
    }

    fn size(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<u32> {
        let text = match value.get_ref() {
            DeValue::String(text) => text.to_string(),
            DeValue::Integer(bytes) if bytes.radix() == 10 => bytes.as_str().to_owned(),
            _ => String::new(),
        };
        let (wrong, help) = match parse_size(&text) {
            Ok(bytes) => return Some(bytes),
            Err(Refused::NoSize) => (
                format!("`{key}` needs a size in bytes"),
                format!("write `{key} = \"64KiB\"`; units are B, KB, KiB, MB and MiB"),
            ),
            Err(Refused::Zero) => {
                (format!("`{key}` cannot be zero"), format!("write `{key} = \"64KiB\"`, or remove it"))
            }
            Err(Refused::TooLarge) => (
                format!("`{key}` cannot be over {}", show_size(CEILING)),
                format!("write at most `{key} = \"64MiB\"`"),
            ),
        };
        self.report(value.span().start, wrong, help);
        None
    }

    fn word(&mut self, value: &Spanned<DeValue<'_>>) -> DebugOnly {
        let text = value.get_ref().as_str();
        let found = text.and_then(|text| WORDS.iter().find(|(word, _)| *word == text));
        if found.is_none() {
            let words = WORDS.iter().map(|(word, _)| *word);
            let wrote = text.unwrap_or_default();
            let wrong = match text {
                Some(text) => format!("`{text}` is not a way to treat a type that has only `Debug`"),
                None => "`debug_only` needs text in quotes".to_owned(),
            };
            self.report(value.span().start, wrong, suggest::help(wrote, words, ""));
        }
        found.map_or_else(DebugOnly::default, |(_, word)| *word)
    }
}

/// Whether a parameter or a field can have that name.
fn is_name(name: &str) -> bool {
    has_words(name) && name.chars().all(|letter| letter.is_alphanumeric() || letter == '_')
}

#[cfg(test)]
mod tests {
    use super::{DebugOnly, read};

    fn mistakes(text: &str) -> Vec<String> {
        let (_, mistakes) = read(text, "wirespan.toml");
        mistakes.into_iter().map(|mistake| format!("{}: {}", mistake.at, mistake.wrong)).collect()
    }

    #[test]
    fn everything_that_can_be_said_is_read() {
        let text = "max_value = \"64KiB\"\nmax_span = 1_000_000\ndebug_only = \"type-name\"\n\
                    skip.remove = [\"content\"]\n[redact]\nadd = [\"iban\"]\nremove = [\"cookie\"]\n";
        let (policy, mistakes) = read(text, "wirespan.toml");
        assert_eq!(mistakes, []);
        assert_eq!((policy.max_value, policy.max_span), (Some(65_536), Some(1_000_000)));
        assert_eq!(policy.debug_only, DebugOnly::TypeName);
        assert!(
            policy.skip.removes("content") && policy.redact.adds("iban") && policy.redact.removes("cookie")
        );
    }

    #[test]
    fn an_empty_file_says_nothing() {
        assert_eq!(read("# nothing\n", "wirespan.toml"), Default::default());
    }

    #[test]
    fn all_mistakes_are_told_with_their_lines() {
        let text = "skipp = 1\nmax_value = \"big\"\n\nskip.add = \"a\"\ndebug_only = \"hide\"\n\
                    redact = { remove = [\"user\"], ad = [] }\n";
        assert_eq!(
            mistakes(text),
            [
                "wirespan.toml, line 1: `skipp` is not a key of the policy",
                "wirespan.toml, line 2: `max_value` needs a size in bytes",
                "wirespan.toml, line 4: `skip.add` needs a list of names",
                "wirespan.toml, line 5: `hide` is not a way to treat a type that has only `Debug`",
                "wirespan.toml, line 6: `user` does not look like a secret and is not redacted",
                "wirespan.toml, line 6: `redact.ad` is not a key of the policy",
            ]
        );
    }

    #[test]
    fn what_is_no_toml_is_told_with_its_line() {
        assert_eq!(mistakes("a = 1 2\n"), ["wirespan.toml, line 1: this is not TOML"]);
        assert_eq!(mistakes("max_span = 9\nmax_span = 9\n"), ["wirespan.toml, line 2: a key is set twice"]);
    }

    #[test]
    fn limits_that_contradict_each_other_are_a_mistake() {
        assert_eq!(
            mistakes("max_value = \"2KiB\"\nmax_span = \"1KiB\"\n"),
            ["wirespan.toml, line 1: `max_value` of 2 KiB is over `max_span` of 1 KiB"]
        );
    }
}
