//! Does what a `help:` line says, where it says it in one of these forms:
//!
//! | help | done |
//! |---|---|
//! | did you mean `x`? | the name that the first line quotes becomes `x` where it is marked |
//! | write `option = value`, write `option(…)` | the marked option is written so |
//! | write a `,` before this, remove the comma | that |
//! | remove `option`, remove one of the two, remove it, leave it out | the marked option is left out |
//!
//! What stands for something of the user's (`key`, `status_of`, `…`) is not typed as it stands, and so is nothing to try: a
//! help line is followed only where each name in it is an option's or stands in the case. Nor is a budget: which one is
//! enough depends on the parameters.

use super::message::{Case, Message};

/// The source with every suggestion followed; `None` where one has no such form, or an error is not ours.
pub(crate) fn apply(case: &Case) -> Option<String> {
    let mut source = case.source.clone();
    if !case.is_ours() {
        return None;
    }
    let mut messages: Vec<&Message> = case.ours().collect();
    // From the end, so that places before it stay where they are.
    messages.sort_by_key(|message| std::cmp::Reverse((message.line, message.column)));
    for message in messages {
        source = follow(&source, message)?;
    }
    Some(source)
}

fn follow(source: &str, message: &Message) -> Option<String> {
    let help = message.help.as_deref()?;
    let at = source.split_inclusive('\n').take(message.line).map(str::len).sum::<usize>() + message.column;
    if let Some(name) = help.strip_prefix("did you mean `").and_then(|rest| rest.strip_suffix("`?")) {
        let wrong = quoted(&message.first)?;
        let marked = source.get(at..at + message.len)?;
        let right = marked.contains(wrong).then(|| marked.replacen(wrong, name, 1))?;
        return Some(replaced(source, at, at + message.len, &right));
    }
    match help {
        "write a `,` before this" => return Some(replaced(source, at, at, ", ")),
        "remove the comma" => return Some(replaced(source, at, at + message.len, "")),
        _ => {}
    }
    let (start, end) = option_around(source, at)?;
    if let Some(rest) = help.strip_prefix("write `") {
        let (text, rest) = rest.split_once('`')?;
        let whole = text.contains(" = ") || text.contains('(');
        let placeholder = word(text) == "budget"
            || text.contains('…')
            || text.contains("load user")
            || !names(text)
                .skip(1)
                .all(|name| OWN.contains(&name) || names(source).any(|known| known == name));
        let names_it = word(text) == word(source.get(start..end)?);
        // "instead", "too" and the like ask for more than this.
        let alone = rest.is_empty() || rest.starts_with(';') || rest.starts_with(", or ");
        return (whole && !placeholder && names_it && alone).then(|| replaced(source, start, end, text));
    }
    let removes = help.starts_with("remove one of the two")
        || help.starts_with("remove it:")
        || help.starts_with("leave it out:")
        || help.strip_prefix("remove `").and_then(|rest| rest.split_once('`')).is_some_and(|(text, rest)| {
            text == message.marked() && (rest.is_empty() || rest.starts_with([':', ';']))
        });
    removes.then(|| removed(source, start, end))
}

/// Words that are ours wherever they stand.
const OWN: &[&str] =
    &["client", "error", "ignore", "unset", "1MiB", "64KiB", "8MiB", "64MiB", "future", "stream", "value"];

/// All names in a text.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|name| !name.is_empty())
}

/// The first code that a text quotes.
fn quoted(text: &str) -> Option<&str> {
    text.split('`').nth(1)
}

/// The name that an option begins with.
fn word(option: &str) -> &str {
    let option = option.trim();
    option.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or(option)
}

fn replaced(source: &str, start: usize, end: usize, text: &str) -> String {
    format!("{}{text}{}", &source[..start], &source[end..])
}

/// Without what lies between, and without the comma beside it.
fn removed(source: &str, start: usize, end: usize) -> String {
    let (before, after) = (source[..start].trim_end(), &source[end..]);
    match (before.strip_suffix(','), after.strip_prefix(',')) {
        (Some(before), _) => format!("{before}{after}"),
        (None, Some(after)) => format!("{before}{}", after.trim_start()),
        (None, None) => format!("{before}{after}"),
    }
}

/// The option of `#[traced(…)]` in which `at` lies: what is between two commas of the outermost brackets.
fn option_around(source: &str, at: usize) -> Option<(usize, usize)> {
    let open = source[..=at].rfind("#[traced(")? + "#[traced(".len();
    let (mut start, mut depth, mut text) = (open, 0_usize, false);
    for (offset, c) in source[open..].char_indices() {
        let here = open + offset;
        match c {
            '"' => text = !text,
            '(' | '[' | '{' if !text => depth += 1,
            ')' | ',' if !text && depth == 0 => {
                if (start..=here).contains(&at) {
                    let blank = source[start..here].len() - source[start..here].trim_start().len();
                    return Some((start + blank, here));
                }
                if c == ')' {
                    return None;
                }
                start = here + 1;
            }
            ')' | ']' | '}' if !text => depth -= 1,
            _ => {}
        }
    }
    None
}
