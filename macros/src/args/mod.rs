//! The options of `#[traced(…)]`, as written.
//!
//! [`OPTIONS`] is the one table of what can be written; [`Args`] is what was, every key and value with the place where it
//! stands. Nothing here knows the function: rules that need it are in `check`. Parsing goes on after a mistake, so that
//! all of them are reported at once.

pub(crate) mod by_hand;
mod echo;
mod fields;
mod habits;
mod merge;
mod parse;
mod shown;
mod size;
mod spans;
mod values;

pub(crate) use fields::{FieldArgs, literal};
pub(crate) use parse::{next_span, parse};
pub(crate) use size::{CEILING, Refused, parse as parse_size, show as show_size};

use syn::{Expr, Path};

use crate::diag::Spot;

/// A value, with the place to point at when it is wrong.
#[derive(Clone)]
pub(crate) struct Given<T> {
    pub(crate) value: T,
    pub(crate) spot: Spot,
}

/// A span's kind, as OpenTelemetry names them.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Internal,
    Server,
    Client,
    Producer,
    Consumer,
}

/// From which level of a filter on a function is recorded.
#[derive(Clone, Copy)]
pub(crate) enum Level {
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

/// How a span ends whose future is dropped before it finished.
#[derive(Clone, Copy)]
pub(crate) enum Cancel {
    Unset,
    Error,
}

/// What is done with an `Err`.
#[derive(Clone, Copy)]
pub(crate) enum OnErr {
    /// The span ends as if the function had returned any other value.
    Ignore,
}

/// What a function is said to return, where its type does not say it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Returns {
    Value,
    Future,
    Stream,
}

impl Returns {
    /// As it is written.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::Future => "future",
            Self::Stream => "stream",
        }
    }
}

/// The names in a `skip` or `record`, and its key.
#[derive(Clone)]
pub(crate) struct NamesArgs {
    pub(crate) key: Spot,
    pub(crate) names: Vec<Given<String>>,
}

/// Everything that was written in the attribute and could be read.
#[derive(Default)]
pub(crate) struct Args {
    pub(crate) name: Option<Given<String>>,
    pub(crate) name_prefix: Option<Given<String>>,
    pub(crate) skip: Option<NamesArgs>,
    pub(crate) skip_all: Option<Spot>,
    pub(crate) record: Option<NamesArgs>,
    pub(crate) unredacted: Option<NamesArgs>,
    pub(crate) debug: Option<NamesArgs>,
    pub(crate) display: Option<NamesArgs>,
    pub(crate) serde: Option<NamesArgs>,
    pub(crate) fields: Vec<FieldArgs>,
    pub(crate) kind: Option<Kind>,
    /// At its key.
    pub(crate) level: Option<Given<Level>>,
    pub(crate) max_value: Option<Given<u32>>,
    pub(crate) max_span: Option<Given<u32>>,
    pub(crate) budget: Option<Given<u32>>,
    pub(crate) max_future: Option<Given<u32>>,
    /// At its key.
    pub(crate) err: Option<Given<OnErr>>,
    /// At its key: what can be wrong with it is the function, not the value.
    pub(crate) cancel: Option<Given<Cancel>>,
    /// At its key, too.
    pub(crate) returns: Option<Given<Returns>>,
    pub(crate) off: Option<Spot>,
    pub(crate) ret: Option<Spot>,
    /// A function of the return value.
    pub(crate) status: Option<Given<Path>>,
    pub(crate) parent: Option<Given<Expr>>,
    pub(crate) root: Option<Spot>,
    pub(crate) links: Option<Given<Expr>>,
    pub(crate) krate: Option<Given<Path>>,
    pub(crate) metrics: Option<Spot>,
}

/// Which option a key names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Key {
    Name,
    NamePrefix,
    Skip,
    SkipAll,
    Record,
    Unredacted,
    Debug,
    Display,
    Serde,
    Fields,
    Kind,
    Level,
    MaxValue,
    MaxSpan,
    Budget,
    MaxFuture,
    Err,
    Cancel,
    Returns,
    Ret,
    Status,
    Parent,
    Root,
    Links,
    Metrics,
    Crate,
    Off,
}

/// One option: its key, and an example that compiles when typed as it stands.
struct Spec {
    key: Key,
    name: &'static str,
    example: &'static str,
}

const fn spec(key: Key, name: &'static str, example: &'static str) -> Spec {
    Spec { key, name, example }
}

/// Every option, in the order in which messages list them.
static OPTIONS: [Spec; 27] = [
    spec(Key::Name, "name", r#"name = "load user""#),
    spec(Key::NamePrefix, "name_prefix", r#"name_prefix = "store.""#),
    spec(Key::Skip, "skip", r#"skip = "a, b""#),
    spec(Key::SkipAll, "skip_all", "skip_all"),
    spec(Key::Record, "record", "record(a)"),
    spec(Key::Unredacted, "unredacted", "unredacted(a)"),
    spec(Key::Debug, "debug", "debug(a)"),
    spec(Key::Display, "display", "display(a)"),
    spec(Key::Serde, "serde", "serde(a)"),
    spec(Key::Fields, "fields", "fields(user.id = id)"),
    spec(Key::Kind, "kind", r#"kind = "client""#),
    spec(Key::Level, "level", r#"level = "debug""#),
    spec(Key::MaxValue, "max_value", r#"max_value = "64KiB""#),
    spec(Key::MaxSpan, "max_span", r#"max_span = "1MiB""#),
    spec(Key::Budget, "budget", r#"budget = "1KiB""#),
    spec(Key::MaxFuture, "max_future", r#"max_future = "2KiB""#),
    spec(Key::Err, "err", r#"err = "ignore""#),
    spec(Key::Cancel, "cancel", r#"cancel = "error""#),
    spec(Key::Returns, "returns", r#"returns = "future""#),
    spec(Key::Ret, "ret", "ret"),
    spec(Key::Status, "status", "status = status_of"),
    spec(Key::Parent, "parent", "parent = handle"),
    spec(Key::Root, "root", "root"),
    spec(Key::Links, "links", "links(&jobs)"),
    spec(Key::Metrics, "metrics", "metrics"),
    spec(Key::Crate, "crate", "crate = wirespan"),
    spec(Key::Off, "off", "off"),
];

/// The option of that name.
fn find(name: &str) -> Option<&'static Spec> {
    OPTIONS.iter().find(|spec| spec.name == name)
}

/// The names of all options, in declared order.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    OPTIONS.iter().map(|spec| spec.name)
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn the_documented_table_lists_every_option() {
        let table: String = include_str!("../lib.rs")
            .lines()
            .skip_while(|line| *line != "/// # Options")
            .take_while(|line| !line.starts_with("pub fn"))
            .filter_map(|line| line.strip_prefix("/// | `"))
            .map(|row| row.split('|').next().unwrap_or_default())
            .collect();
        let words: Vec<&str> = table.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
        let missing: Vec<_> = names().filter(|name| !words.contains(name)).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
