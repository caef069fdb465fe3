//! The one place where variables of the environment are read. Empty counts as unset, as OpenTelemetry's specification says.
//!
//! Text that is not UTF-8 is an error. What is wrong with a number or a flag of the specification's is a warning, and the variable
//! counts as unset, or as the nearest number that can be used; that is also the specification's. The caller decides about the rest.
//! Every name that is read here stands in `known`'s table.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::ops::RangeInclusive;

use super::source::{Set, Source};
use crate::setup::error::{Error, Kind};

/// The longest time that a variable may set: the specification's largest number of milliseconds, 24 days.
pub(crate) const MAX_MILLIS: u64 = i32::MAX as u64;

/// Variables as they were at one moment, and what there is to say about those that were read.
#[derive(Default)]
pub(crate) struct Lookup {
    variables: BTreeMap<OsString, OsString>,
    warnings: RefCell<Vec<String>>,
    /// Names that were asked for, for the test that compares them with the table.
    #[cfg(test)]
    pub(crate) asked: RefCell<std::collections::BTreeSet<&'static str>>,
}

impl Lookup {
    /// The process's.
    pub(crate) fn of_process() -> Self {
        Self { variables: std::env::vars_os().collect(), ..Self::default() }
    }

    /// The names of all variables that have a value and are text.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let set = self.variables.iter().filter(|(_, value)| !value.is_empty());
        set.filter_map(|(name, _)| name.to_str())
    }

    /// Any variable's value, as it stands.
    pub(crate) fn raw(&self, name: &str) -> Option<&OsString> {
        self.variables.get(std::ffi::OsStr::new(name))
    }

    /// A variable's text, without blanks around it.
    ///
    /// # Errors
    ///
    /// It is not UTF-8.
    pub(crate) fn text(&self, name: &'static str) -> Result<Option<Set<String>>, Error> {
        #[cfg(test)]
        self.asked.borrow_mut().insert(name);
        let text = interpret(name, self.raw(name).cloned())?;
        Ok(text.map(|text| Set::new(text, Source::Variable(name))))
    }

    /// The first of these that has a value, with its name.
    ///
    /// # Errors
    ///
    /// One of them is not UTF-8.
    pub(crate) fn first(&self, names: &[&'static str]) -> Result<Option<(&'static str, Set<String>)>, Error> {
        for name in names {
            if let Some(text) = self.text(name)? {
                return Ok(Some((name, text)));
            }
        }
        Ok(None)
    }

    /// `true` or `false`, in any case. Anything else is false, with a warning.
    ///
    /// # Errors
    ///
    /// It is not UTF-8.
    pub(crate) fn flag(&self, name: &'static str) -> Result<Option<Set<bool>>, Error> {
        Ok(self.text(name)?.map(|text| {
            text.map(|text| {
                let on = text.eq_ignore_ascii_case("true");
                if !on && !text.eq_ignore_ascii_case("false") {
                    self.warn(format!("{name} is `{text}`, which counts as false; expected true or false"));
                }
                on
            })
        }))
    }

    /// A number of the specification's. Above the range it is the largest one; below it, or no number, unset; with a warning.
    ///
    /// # Errors
    ///
    /// It is not UTF-8.
    pub(crate) fn number(
        &self,
        name: &'static str,
        range: RangeInclusive<u64>,
        unit: &str,
    ) -> Result<Option<Set<u64>>, Error> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        let (least, most) = range.into_inner();
        // `a port` is no quantity.
        let what = if unit.starts_with("a ") { unit.to_owned() } else { format!("a number of {unit}") };
        let expected = format!("{what} from {least} to {most}");
        match parse(&text.value) {
            Parsed::Number(number) if number > most => {
                self.warn(format!("{name} is `{}`, which counts as {most}; expected {expected}", text.value));
                Ok(Some(text.map(|_| most)))
            }
            Parsed::Number(number) if number >= least => Ok(Some(text.map(|_| number))),
            _ => {
                self.warn(format!("{name} is `{}`, which is ignored; expected {expected}", text.value));
                Ok(None)
            }
        }
    }

    /// A number of our own.
    ///
    /// # Errors
    ///
    /// It is not UTF-8, no number, or not in the range.
    pub(crate) fn own_number(
        &self,
        name: &'static str,
        range: RangeInclusive<u64>,
        unit: &str,
    ) -> Result<Option<Set<u64>>, Error> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        match parse(&text.value) {
            Parsed::Number(number) if range.contains(&number) => Ok(Some(text.map(|_| number))),
            _ => {
                let (least, most) = range.into_inner();
                let expected = format!("a number of {unit} from {least} to {most}");
                Err(wrong(name, &text.value, &expected))
            }
        }
    }

    /// A flag of our own: `true` or `false`, in any case.
    ///
    /// # Errors
    ///
    /// It is anything else.
    pub(crate) fn own_flag(&self, name: &'static str) -> Result<Option<Set<bool>>, Error> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        match text.value.to_ascii_lowercase().as_str() {
            "true" => Ok(Some(text.map(|_| true))),
            "false" => Ok(Some(text.map(|_| false))),
            other => Err(wrong(name, other, "true or false")),
        }
    }

    /// Something to be said once, when telemetry is switched on.
    pub(crate) fn warn(&self, warning: String) {
        let mut warnings = self.warnings.borrow_mut();
        // Several signals may read the same variable.
        if !warnings.contains(&warning) {
            warnings.push(warning);
        }
    }

    /// What was found to be said so far.
    pub(crate) fn take_warnings(&self) -> Vec<String> {
        self.warnings.take()
    }
}

#[cfg(test)]
impl Lookup {
    /// These and no others.
    pub(crate) fn of(variables: &[(&str, &str)]) -> Self {
        let variables = variables.iter().map(|(name, value)| (name.into(), value.into())).collect();
        Self { variables, ..Self::default() }
    }

    /// As [`of`](Self::of), with values that need not be text.
    #[cfg(unix)]
    pub(crate) fn of_bytes(name: &str, value: &[u8]) -> Self {
        Self::default().and_bytes(name, value)
    }

    /// With one more.
    #[cfg(unix)]
    pub(crate) fn and_bytes(mut self, name: &str, value: &[u8]) -> Self {
        use std::os::unix::ffi::OsStringExt as _;
        self.variables.insert(name.into(), OsString::from_vec(value.to_vec()));
        self
    }
}

enum Parsed {
    Number(u64),
    /// Below zero, or no number.
    None,
}

/// A whole number; one that is too large for the type is its largest.
fn parse(text: &str) -> Parsed {
    use std::num::IntErrorKind::PosOverflow;
    match text.parse::<u64>() {
        Ok(number) => Parsed::Number(number),
        Err(error) if *error.kind() == PosOverflow => Parsed::Number(u64::MAX),
        Err(_) => Parsed::None,
    }
}

fn interpret(name: &'static str, value: Option<OsString>) -> Result<Option<String>, Error> {
    match value.map(OsString::into_string) {
        None => Ok(None),
        Some(Ok(text)) => Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty())),
        // What it holds may be a credential.
        Some(Err(_)) => Err(wrong(name, "not UTF-8", "UTF-8 text")),
    }
}

pub(crate) fn wrong(name: &'static str, value: &str, expected: &str) -> Error {
    Error::new(Kind::Variable { name, value: value.to_owned(), expected: expected.to_owned() })
}
