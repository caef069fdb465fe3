//! Foreign text made safe for a terminal, cut to columns; times and numbers for people.
//!
//! A value may hold anything, also an escape sequence that clears the screen or a direction mark that swaps what is read: no
//! character of that kind reaches the terminal, its escape does. Everything here stops at the limit, so that a value of 2 MiB
//! costs what its visible part costs.

use std::fmt::{self, Write as _};
use std::time::{Duration, SystemTime};

/// Appends `text`, escaped, in at most `limit` columns, the last of them `…` where it did not fit. Yields the columns used.
pub(super) fn clip(out: &mut String, text: &str, limit: usize) -> usize {
    let mut columns = 0;
    // Where the text is cut if it turns out to be too long: one column is kept for the mark.
    let (mut cut, mut cut_columns) = (out.len(), 0);
    for char in text.chars() {
        let width = push_escaped(out, char);
        if columns + width > limit {
            out.truncate(cut);
            if limit == 0 {
                return 0;
            }
            out.push('…');
            return cut_columns + 1;
        }
        columns += width;
        if columns < limit {
            (cut, cut_columns) = (out.len(), columns);
        }
    }
    columns
}

/// Appends one character or its escape; yields its columns.
fn push_escaped(out: &mut String, char: char) -> usize {
    let escape = match char {
        '\n' => r"\n",
        '\r' => r"\r",
        '\t' => r"\t",
        _ if is_unsafe(char) => {
            let start = out.len();
            // Writing to a `String` cannot fail.
            let _ = write!(out, r"\u{{{:x}}}", u32::from(char));
            return out.len() - start;
        }
        _ => {
            out.push(char);
            return columns(char);
        }
    };
    out.push_str(escape);
    escape.len()
}

/// Control characters, and format characters that hide text or change its direction.
fn is_unsafe(char: char) -> bool {
    char.is_control()
        || matches!(
            char,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'
                ..='\u{202e}'
        )
        || matches!(char, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// How wide a terminal shows `char`. Good enough to align: the blocks that are wide or empty as a whole, no table.
pub(super) fn columns(char: char) -> usize {
    match u32::from(char) {
        0x0300..=0x036f | 0x0483..=0x0489 | 0x0591..=0x05bd | 0x064b..=0x065f // combining marks
        | 0x200c..=0x200d | 0x20d0..=0x20f0 | 0xfe00..=0xfe0f | 0xfe20..=0xfe2f // joiners, variation selectors
        | 0x1f3fb..=0x1f3ff | 0xe0100..=0xe01ef => 0, // skin tones, more variation selectors
        0x1100..=0x115f | 0x2e80..=0x303e | 0x3041..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff // East Asian
        | 0xfe30..=0xfe6f | 0xff00..=0xff60 | 0xffe0..=0xffe6 | 0x20000..=0x3fffd // and its wide forms
        | 0x1f300..=0x1f64f | 0x1f680..=0x1f6ff | 0x1f900..=0x1faff => 2, // emoji
        _ => 1,
    }
}

/// Splits `text` where its escaped form reaches `limit` columns: at the last space before, else at the character.
pub(super) fn split(text: &str, limit: usize) -> (&str, &str) {
    let mut escaped = String::new();
    let (mut columns, mut space) = (0, None);
    for (at, char) in text.char_indices() {
        escaped.clear();
        columns += push_escaped(&mut escaped, char);
        if columns > limit && at > 0 {
            return match space {
                Some(space) if char != ' ' => text.split_at(space),
                _ => text.split_at(at),
            };
        }
        if char == ' ' {
            space = Some(at + 1);
        }
    }
    (text, "")
}

/// The columns that `text` takes once it is escaped.
pub(super) fn width(text: &str) -> usize {
    clip(&mut String::new(), text, usize::MAX)
}

/// A duration in three digits and a unit: `431ns`, `12.3µs`, `4.56ms`, `1.20s`, `2m05s`, `3h12m`.
pub(super) fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    if seconds >= 3600 {
        return format!("{}h{:02}m", seconds / 3600, seconds % 3600 / 60);
    }
    if duration.as_secs_f64() >= 59.95 {
        let seconds = duration.as_secs_f64().round();
        return format!("{}m{:02}s", (seconds / 60.0).floor(), seconds % 60.0);
    }
    if duration.as_nanos() < 1000 {
        return format!("{}ns", duration.as_nanos());
    }
    let seconds = duration.as_secs_f64();
    let (value, unit) = if seconds < 999.5e-6 {
        (seconds * 1e6, "µs")
    } else if seconds < 999.5e-3 {
        (seconds * 1e3, "ms")
    } else {
        (seconds, "s")
    };
    let decimals = match value {
        _ if value < 9.995 => 2,
        _ if value < 99.95 => 1,
        _ => 0,
    };
    format!("{value:.decimals$}{unit}")
}

/// The time from `from` to `to`; zero where the clock went backwards.
pub(super) fn between(from: SystemTime, to: SystemTime) -> Duration {
    to.duration_since(from).unwrap_or_default()
}

/// Formats `value` into at most about `limit` bytes: formatting stops there.
pub(super) fn prefix(value: &dyn fmt::Display, limit: usize) -> String {
    struct Prefix(String, usize);

    impl fmt::Write for Prefix {
        fn write_str(&mut self, part: &str) -> fmt::Result {
            let room = self.1.saturating_sub(self.0.len());
            let end = (0..=part.len().min(room)).rev().find(|end| part.is_char_boundary(*end)).unwrap_or(0);
            self.0.push_str(part.get(..end).unwrap_or_default());
            if end < part.len() { Err(fmt::Error) } else { Ok(()) }
        }
    }

    let mut prefix = Prefix(String::new(), limit);
    // An error means that the limit was reached.
    let _ = write!(prefix, "{value}");
    prefix.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clipped(text: &str, limit: usize) -> (String, usize) {
        let mut out = String::new();
        let columns = clip(&mut out, text, limit);
        (out, columns)
    }

    #[test]
    fn durations_have_three_digits() {
        let cases: &[(u64, &str)] = &[
            (0, "0ns"),
            (431, "431ns"),
            (999, "999ns"),
            (1_000, "1.00µs"),
            (12_345, "12.3µs"),
            (9_996, "10.0µs"),
            (999_400, "999µs"),
            (999_600, "1.00ms"),
            (4_560_000, "4.56ms"),
            (999_700_000, "1.00s"),
            (1_200_000_000, "1.20s"),
            (59_940_000_000, "59.9s"),
            (59_960_000_000, "1m00s"),
            (125_000_000_000, "2m05s"),
            (3_599_000_000_000, "59m59s"),
            (11_520_000_000_000, "3h12m"),
        ];
        for (nanos, text) in cases {
            assert_eq!(duration(Duration::from_nanos(*nanos)), *text);
        }
    }

    #[test]
    fn text_is_cut_at_a_character_with_a_mark() {
        assert_eq!(clipped("hello", 5), ("hello".into(), 5));
        assert_eq!(clipped("hello!", 5), ("hell…".into(), 5));
        assert_eq!(clipped("日本語", 6), ("日本語".into(), 6));
        assert_eq!(clipped("日本語", 5), ("日本…".into(), 5));
        assert_eq!(clipped("日本語", 4), ("日…".into(), 3));
        assert_eq!(clipped("日本語", 1), ("…".into(), 1));
        assert_eq!(clipped("abc", 0), (String::new(), 0));
        assert_eq!(clipped("e\u{301}e\u{301}", 2), ("e\u{301}e\u{301}".into(), 2));
    }

    #[test]
    fn long_text_is_split_at_a_space_if_there_is_one() {
        assert_eq!(split("model is overloaded", 12), ("model is ", "overloaded"));
        assert_eq!(split("model is overloaded", 8), ("model is", " overloaded"));
        assert_eq!(split("overloaded", 4), ("over", "loaded"));
        assert_eq!(split("日本語", 1), ("日", "本語"));
        assert_eq!(split("short", 10), ("short", ""));
    }

    #[test]
    fn nothing_that_a_terminal_obeys_goes_through() {
        let (shown, _) = clipped("a\x1b[2J\u{9b}31m\u{202e}b\r\n\t\0\u{7f}\u{feff}", 200);
        assert_eq!(shown, r"a\u{1b}[2J\u{9b}31m\u{202e}b\r\n\t\u{0}\u{7f}\u{feff}");
        // An escape is shown whole or not at all.
        assert_eq!(clipped("ab\x1bc", 5).0, "ab…");
    }

    #[test]
    fn a_long_value_is_formatted_only_as_far_as_it_is_shown() {
        assert_eq!(prefix(&"日本語", 4), "日");
        assert_eq!(prefix(&format_args!("{}{}", "abc", "def"), 5), "abcde");
    }
}
