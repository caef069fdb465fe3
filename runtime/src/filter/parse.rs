//! Reads a filter: directives between commas, `info,my_crate::db=debug,noisy=off`.
//!
//! A mistake names the directive that it is in, and what would be right.

use super::{Directive, Filter, Level, Limit};

/// What is wrong with a filter.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Mistake {
    directive: String,
    problem: String,
    help: String,
}

impl Mistake {
    /// As it follows the filter and "expected".
    pub(crate) fn expected(&self) -> String {
        format!("{} where it says `{}`: {}", self.help, self.directive, self.problem)
    }

    /// As it follows the name of the builder's option.
    pub(crate) fn problem(&self) -> String {
        format!("cannot use `{}`: {}; expected {}", self.directive, self.problem, self.help)
    }
}

const LEVELS: &str = "off, error, warn, info, debug or trace";

impl Filter {
    /// Reads `text`.
    ///
    /// # Errors
    ///
    /// The first directive that cannot be used.
    pub(crate) fn parse(text: &str) -> Result<Self, Mistake> {
        let mut directives: Vec<Directive> = Vec::new();
        for text in text.split(',').map(str::trim) {
            let directive = directive(text).map_err(|(problem, help)| Mistake {
                directive: text.to_owned(),
                problem,
                help,
            })?;
            if let Some(other) = directives.iter().find(|other| other.module == directive.module) {
                let whose = if directive.module.is_empty() {
                    "all modules".to_owned()
                } else {
                    format!("`{}`", directive.module)
                };
                return Err(Mistake {
                    directive: text.to_owned(),
                    problem: format!("`{}` says the level of {whose} already", other.text),
                    help: "one of the two".to_owned(),
                });
            }
            directives.push(directive);
        }
        // Stable, though no two are for the same module; the longest of those that match is the most specific.
        directives.sort_by_key(|directive| std::cmp::Reverse(directive.module.len()));
        Ok(Self { directives })
    }
}

fn directive(text: &str) -> Result<Directive, (String, String)> {
    if text.is_empty() {
        return Err(("there is no directive between two commas".into(), "`level` or `module=level`".into()));
    }
    let made = |module: &str, limit| Directive { text: text.to_owned(), module: module.to_owned(), limit };
    match text.split_once('=') {
        Some((module, level)) => {
            let (module, level) = (module.trim(), level.trim());
            let module = require_module(module)?;
            match limit(level) {
                Some(limit) => Ok(made(module, limit)),
                None => Err((format!("`{level}` is not a level"), LEVELS.into())),
            }
        }
        None => match limit(text) {
            Some(limit) => Ok(made("", limit)),
            None => require_module(text).map(|module| made(module, Some(Level::Trace))),
        },
    }
}

fn require_module(module: &str) -> Result<&str, (String, String)> {
    let is_name = |name: &str| {
        let mut letters = name.chars();
        letters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
            && letters.all(|letter| letter.is_alphanumeric() || letter == '_')
    };
    if module.split("::").all(is_name) {
        return Ok(module);
    }
    let fixed = module.replace('-', "_");
    let help = if fixed.split("::").all(is_name) {
        format!("`{fixed}`")
    } else {
        "a path like `my_crate::db`".to_owned()
    };
    Err((format!("`{module}` is not a module's path"), help))
}

/// A level as it is written; the outer `None` where it is none.
fn limit(word: &str) -> Option<Limit> {
    if word.eq_ignore_ascii_case("off") {
        return Some(None);
    }
    Level::ALL.into_iter().find(|level| word.eq_ignore_ascii_case(level.as_str())).map(Some)
}
