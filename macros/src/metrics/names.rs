//! Names and units as OpenTelemetry's specification has them.

use super::options::Text;
use crate::diag::Diags;

/// The most bytes of an instrument's name.
const MAX_NAME: usize = 255;
/// The most bytes of a unit.
const MAX_UNIT: usize = 63;

/// Whether the name of an instrument is one; its mistake is reported.
pub(super) fn check_instrument(text: &Text, diags: &mut Diags) -> bool {
    let name = &text.value;
    let starts = name.starts_with(|first: char| first.is_ascii_alphabetic());
    let rest = name.chars().all(|c| c.is_ascii_alphanumeric() || "_.-/".contains(c));
    if starts && rest && name.len() <= MAX_NAME {
        return true;
    }
    let (wrong, help) = if name.is_empty() {
        ("an instrument's name cannot be empty".to_owned(), "write a name such as `shop.orders`".to_owned())
    } else if name.len() > MAX_NAME {
        (format!("an instrument's name has at most {MAX_NAME} bytes"), "write a shorter one".to_owned())
    } else if !starts {
        (
            format!("the name `{}` does not start with a letter", short(name)),
            "start it with a letter".to_owned(),
        )
    } else {
        (
            format!("the name `{}` has a character that names cannot have", short(name)),
            "write letters, digits, `_`, `.`, `-` and `/`".to_owned(),
        )
    };
    diags.report(text.spot, wrong, help);
    false
}

/// The same for a unit.
pub(super) fn check_unit(text: &Text, diags: &mut Diags) {
    let unit = &text.value;
    if unit.is_empty() || unit.len() > MAX_UNIT || !unit.is_ascii() {
        let wrong = format!("`{}` is not a unit", short(unit));
        diags.report(text.spot, wrong, "write UCUM: `s`, `By`, `1`, `{token}`; at most 63 ASCII characters");
    }
}

fn short(text: &str) -> String {
    let short: String = text.chars().take(40).collect();
    short.replace(['\n', '\r'], " ")
}

/// How many of `to` one `from` is, where that is known.
pub(super) fn scale(from: &str, to: &str) -> Option<f64> {
    Some(match (from, to) {
        _ if from == to => 1.0,
        ("s", "ms") => 1e3,
        ("s", "us") => 1e6,
        ("s", "ns") => 1e9,
        // A word for the same thing.
        (from, "1") | ("1", from) if from.starts_with('{') => 1.0,
        ("{USD}", "usd") => 1.0,
        _ => return None,
    })
}

/// `RouteClass` as `route_class`.
pub(super) fn snake(name: &str) -> String {
    let mut snake = String::new();
    let mut before: Option<char> = None;
    let mut letters = name.chars().peekable();
    while let Some(letter) = letters.next() {
        let ends_acronym = letters.peek().is_some_and(|next| next.is_lowercase());
        if letter.is_uppercase() {
            let apart =
                before.is_some_and(|before| before != '_' && (!before.is_uppercase() || ends_acronym));
            if apart {
                snake.push('_');
            }
            snake.extend(letter.to_lowercase());
        } else {
            snake.push(letter);
        }
        before = Some(letter);
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::{scale, snake};

    #[test]
    fn variants_become_snake_case() {
        for (name, expected) in [
            ("Paid", "paid"),
            ("RouteClass", "route_class"),
            ("HTTPError", "http_error"),
            ("V2", "v2"),
            ("a", "a"),
        ] {
            assert_eq!(snake(name), expected);
        }
    }

    #[test]
    fn seconds_become_milliseconds_and_bytes_do_not() {
        assert_eq!(scale("s", "ms"), Some(1e3));
        assert_eq!(scale("By", "ms"), None);
        assert_eq!(scale("{request}", "1"), Some(1.0));
    }
}
