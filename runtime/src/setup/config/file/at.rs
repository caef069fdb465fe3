//! A place in the file: a node, the keys that lead to it, and reading it as what is expected there.

use std::ops::RangeInclusive;
use std::path::Path;
use std::sync::Arc;

use super::yaml::{Node, Value};
use crate::setup::config::lookup::Lookup;
use crate::setup::config::source::{Set, Source};
use crate::setup::error::{Error, Kind};

/// What all places have in common.
pub(super) struct File<'a> {
    pub(super) path: Arc<Path>,
    pub(super) lookup: &'a Lookup,
}

impl File<'_> {
    pub(super) fn error(&self, line: Option<usize>, problem: String) -> Error {
        Error::new(Kind::File { path: self.path.to_path_buf(), line, problem })
    }
}

/// See the module's documentation.
#[derive(Clone)]
pub(super) struct At<'a> {
    pub(super) file: &'a File<'a>,
    pub(super) node: &'a Node,
    pub(super) pointer: String,
}

/// A map whose keys are known.
pub(super) struct Fields<'a> {
    at: At<'a>,
    map: &'a [(String, usize, Node)],
}

impl<'a> At<'a> {
    fn below(&self, key: &str, node: &'a Node) -> Self {
        let dot = if self.pointer.is_empty() || key.starts_with('[') { "" } else { "." };
        Self { file: self.file, node, pointer: format!("{}{dot}{key}", self.pointer) }
    }

    /// The value with this place as its source.
    pub(super) fn set<T>(&self, value: T) -> Set<T> {
        Set::new(value, Source::File { path: self.file.path.clone(), pointer: self.pointer.clone() })
    }

    /// The error that something else was expected here. The value is shown as it is written, so that no variable's is.
    pub(super) fn wrong(&self, expected: &str) -> Error {
        let is = match &self.node.value {
            Value::Scalar(scalar) => format!("`{}`", scalar.written),
            other => other.name().to_owned(),
        };
        self.problem(&format!("is {is}; expected {expected}"))
    }

    /// The same without the value, which may be a secret.
    pub(super) fn problem(&self, problem: &str) -> Error {
        self.file.error(Some(self.node.line), format!("`{}` {problem}", self.pointer))
    }

    /// A warning about what stands here.
    pub(super) fn warn(&self, problem: &str) {
        let (path, line) = (self.file.path.display(), self.node.line);
        self.file.lookup.warn(format!("{path}:{line}: `{}` {problem}", self.pointer));
    }

    /// A map with these keys and no others. Nothing is an empty one.
    pub(super) fn map(&self, known: &[&str]) -> Result<Fields<'a>, Error> {
        let fields = self.any_map()?;
        for (key, line, _) in fields.map {
            if !known.contains(&key.as_str()) {
                let place = self.below(key, self.node).pointer;
                let problem = format!("`{place}` is not known; expected one of {}", known.join(", "));
                return Err(self.file.error(Some(*line), problem));
            }
        }
        Ok(fields)
    }

    /// A map with any keys.
    pub(super) fn any_map(&self) -> Result<Fields<'a>, Error> {
        match &self.node.value {
            Value::Map(map) => Ok(Fields { at: self.clone(), map }),
            Value::Null => Ok(Fields { at: self.clone(), map: &[] }),
            _ => Err(self.wrong("a map of keys and values")),
        }
    }

    /// A map with exactly one key, which is one of these.
    pub(super) fn one(&self, known: &[&str]) -> Result<(&'a str, At<'a>), Error> {
        let Fields { map, .. } = self.map(known)?;
        match map {
            [(key, _, node)] => Ok((key, self.below(key, node))),
            _ => Err(self.problem(&format!(
                "has {} keys; expected exactly one of {}",
                map.len(),
                known.join(", ")
            ))),
        }
    }

    pub(super) fn list(&self) -> Result<Vec<At<'a>>, Error> {
        let all = self.any_list()?;
        if all.is_empty() { Err(self.wrong("a list with at least one entry")) } else { Ok(all) }
    }

    /// A list that may be empty.
    pub(super) fn any_list(&self) -> Result<Vec<At<'a>>, Error> {
        match &self.node.value {
            Value::List(list) => Ok(list
                .iter()
                .enumerate()
                .map(|(index, node)| self.below(&format!("[{index}]"), node))
                .collect()),
            _ => Err(self.wrong("a list with at least one entry")),
        }
    }

    /// A text. A plain number or boolean is none.
    pub(super) fn text(&self) -> Result<String, Error> {
        match &self.node.value {
            Value::Scalar(scalar) if !scalar.plain || !looks_typed(&scalar.text) => Ok(scalar.text.clone()),
            Value::Scalar(_) => Err(self.wrong("a text; put it into quotes")),
            _ => Err(self.wrong("a text")),
        }
    }

    /// Any scalar as text, also a plain number.
    pub(super) fn any_text(&self) -> Result<String, Error> {
        match &self.node.value {
            Value::Scalar(scalar) => Ok(scalar.text.clone()),
            _ => Err(self.wrong("a text")),
        }
    }

    pub(super) fn flag(&self) -> Result<bool, Error> {
        match self.plain() {
            Some("true" | "True" | "TRUE") => Ok(true),
            Some("false" | "False" | "FALSE") => Ok(false),
            _ => Err(self.wrong("true or false")),
        }
    }

    pub(super) fn number(&self, range: RangeInclusive<u64>) -> Result<u64, Error> {
        let number = self.plain().and_then(|text| match text.strip_prefix("0x") {
            Some(digits) => u64::from_str_radix(digits, 16).ok(),
            None => text.parse().ok(),
        });
        number
            .filter(|number| range.contains(number))
            .ok_or_else(|| self.wrong(&format!("a number from {} to {}", range.start(), range.end())))
    }

    pub(super) fn decimal(&self) -> Result<f64, Error> {
        let number =
            self.plain().and_then(|text| text.parse::<f64>().ok()).filter(|number| number.is_finite());
        number.ok_or_else(|| self.wrong("a number"))
    }

    pub(super) fn integer(&self) -> Result<i64, Error> {
        self.plain().and_then(|text| text.parse().ok()).ok_or_else(|| self.wrong("a whole number"))
    }

    /// One of these names.
    pub(super) fn one_of<T: Copy>(&self, names: &[(&str, T)]) -> Result<T, Error> {
        let text = self.text()?;
        let found = names.iter().find(|(name, _)| *name == text);
        found.map(|(_, value)| *value).ok_or_else(|| {
            let names: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
            self.wrong(&format!("one of {}", names.join(", ")))
        })
    }

    fn plain(&self) -> Option<&'a str> {
        match &self.node.value {
            Value::Scalar(scalar) if scalar.plain => Some(&scalar.text),
            _ => None,
        }
    }
}

impl<'a> Fields<'a> {
    /// The value of a key; `None` where there is none, or nothing.
    pub(super) fn get(&self, key: &str) -> Option<At<'a>> {
        self.present(key).filter(|at| !matches!(at.node.value, Value::Null))
    }

    /// The value of a key, also if that is nothing.
    pub(super) fn present(&self, key: &str) -> Option<At<'a>> {
        let (key, _, node) = self.map.iter().find(|(other, ..)| other == key)?;
        Some(self.at.below(key, node))
    }

    /// The value of a key that must be there.
    pub(super) fn require(&self, key: &str) -> Result<At<'a>, Error> {
        self.present(key).ok_or_else(|| self.at.problem(&format!("has no `{key}`; expected one")))
    }

    /// A value read by `read`, with its source.
    pub(super) fn set<T>(
        &self,
        key: &str,
        read: impl FnOnce(&At<'a>) -> Result<T, Error>,
    ) -> Result<Option<Set<T>>, Error> {
        self.get(key).map(|at| Ok(at.set(read(&at)?))).transpose()
    }

    /// Says of those of these keys that are there that they have no effect here.
    pub(super) fn no_effect(&self, keys: &[&str], why: &str) {
        for at in keys.iter().filter_map(|key| self.get(key)) {
            at.warn(&format!("has no effect: {why}"));
        }
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &'a str> {
        self.map.iter().map(|(key, ..)| key.as_str())
    }
}

impl Value {
    fn name(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Scalar(_) => "a value",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
        }
    }
}

/// Whether a plain scalar is a number or a boolean, by the core schema of YAML 1.2.
fn looks_typed(text: &str) -> bool {
    matches!(text, "true" | "True" | "TRUE" | "false" | "False" | "FALSE")
        || text.strip_prefix("0x").is_some_and(|digits| u64::from_str_radix(digits, 16).is_ok())
        || (text.starts_with(|letter: char| letter.is_ascii_digit() || matches!(letter, '-' | '+' | '.'))
            && text.parse::<f64>().is_ok())
}
