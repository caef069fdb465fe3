//! Names by patterns, as the declarative file has them: `?` is one letter, `*` any number of them.

/// Which names count: one of `included`, where there are any, and none of `excluded`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Names {
    pub(crate) included: Option<Vec<String>>,
    pub(crate) excluded: Vec<String>,
}

impl Names {
    #[cfg(any(feature = "prometheus", test))]
    pub(crate) fn has(&self, name: &str) -> bool {
        let among = |patterns: &[String]| patterns.iter().any(|pattern| matches(pattern, name));
        self.included.as_deref().is_none_or(among) && !among(&self.excluded)
    }

    /// The names themselves, where none of them is a pattern and none is excluded.
    pub(crate) fn exact(&self) -> Option<&[String]> {
        let included = self.included.as_deref()?;
        let exact = self.excluded.is_empty() && !included.iter().any(|name| name.contains(['*', '?']));
        exact.then_some(included)
    }
}

/// Whether the whole name is as the pattern says. It takes no more steps than the product of their lengths.
pub(crate) fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut at, mut read) = (0, 0);
    // Where the last star stands, and up to where it has taken the name.
    let mut star: Option<(usize, usize)> = None;
    while let Some(letter) = name.get(read) {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, read));
                at += 1;
            }
            Some(wanted) if *wanted == '?' || wanted == letter => {
                at += 1;
                read += 1;
            }
            _ => {
                let Some((place, taken)) = star else { return false };
                star = Some((place, taken + 1));
                at = place + 1;
                read = taken + 1;
            }
        }
    }
    pattern.iter().skip(at).all(|letter| *letter == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_and_question_marks_stand_for_letters() {
        for (pattern, name, expected) in [
            ("http.*", "http.server.duration", true),
            ("http.*", "db.http.", false),
            ("*", "", true),
            ("?", "", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("*.bytes", "http.request.bytes", true),
            ("*a*b*", "xxaxxbxx", true),
            ("*a*b*", "xxbxxaxx", false),
            ("abc", "abcd", false),
            ("größe?", "größen", true),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
        let slow = format!("{}b", "a*".repeat(40));
        assert!(!matches(&slow, &"a".repeat(4_000)), "and it ends");
    }

    #[test]
    fn what_is_excluded_counts_before_what_is_included() {
        let text = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let names = Names { included: Some(text(&["foo.*"])), excluded: text(&["foo.bar"]) };
        assert_eq!(["foo.a", "foo.bar", "bar"].map(|name| names.has(name)), [true, false, false]);
        assert!(Names::default().has("anything"));
    }
}
