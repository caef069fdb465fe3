//! When and how colour is used.
//!
//! The environment is asked in the order of <https://no-color.org> and <https://bixense.com/clicolors>: `NO_COLOR`, then
//! `CLICOLOR_FORCE`, then `TERM=dumb` and `CLICOLOR=0`, then whether the output is a terminal.

/// When a [`ConsoleExporter`](super::ConsoleExporter) writes colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum ColorChoice {
    /// On a terminal, unless `NO_COLOR`, `TERM=dumb` or `CLICOLOR=0` says no; anywhere when `CLICOLOR_FORCE` says so.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl ColorChoice {
    /// Whether to write colours to an output that is a terminal or not; `env` looks up an environment variable.
    pub(super) fn decide(self, terminal: bool, env: impl Fn(&str) -> Option<String>) -> bool {
        match self {
            Self::Always => return true,
            Self::Never => return false,
            Self::Auto => {}
        }
        let set = |name| env(name).is_some_and(|value| !value.is_empty());
        let zero = |name| env(name).is_some_and(|value| value == "0");
        if set("NO_COLOR") {
            return false;
        }
        if set("CLICOLOR_FORCE") && !zero("CLICOLOR_FORCE") {
            return true;
        }
        terminal && !zero("CLICOLOR") && env("TERM").is_none_or(|term| term != "dumb")
    }
}

/// What a piece of text means; the terminal's own theme decides the shade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Strong,
    Faint,
    Ok,
    Error,
    Warning,
    Accent,
}

impl Style {
    /// The escape sequence that starts it; none for plain text.
    pub(super) fn start(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Strong => "\x1b[1m",
            Self::Faint => "\x1b[2m",
            Self::Ok => "\x1b[32m",
            Self::Error => "\x1b[31m",
            Self::Warning => "\x1b[33m",
            Self::Accent => "\x1b[36m",
        }
    }
}

/// The escape sequence that ends every style.
pub(super) const END: &str = "\x1b[0m";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_is_asked_in_the_agreed_order() {
        type Variables = &'static [(&'static str, &'static str)];
        let cases: &[(Variables, bool, bool)] = &[
            (&[], true, true),
            (&[], false, false),
            (&[("NO_COLOR", "1")], true, false),
            (&[("NO_COLOR", "")], true, true),
            (&[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")], true, false),
            (&[("CLICOLOR_FORCE", "1")], false, true),
            (&[("CLICOLOR_FORCE", "0")], false, false),
            (&[("CLICOLOR_FORCE", "1"), ("TERM", "dumb")], false, true),
            (&[("TERM", "dumb")], true, false),
            (&[("TERM", "xterm-256color")], true, true),
            (&[("CLICOLOR", "0")], true, false),
        ];
        for (variables, terminal, colors) in cases {
            let env = |name: &str| {
                variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
            };
            assert_eq!(ColorChoice::Auto.decide(*terminal, env), *colors, "{variables:?}");
            assert!(ColorChoice::Always.decide(*terminal, env));
            assert!(!ColorChoice::Never.decide(*terminal, env));
        }
    }
}
