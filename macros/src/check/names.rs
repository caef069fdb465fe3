//! Which parameters are recorded, and how.
//!
//! Order of rules, first match wins: a secret-looking name is redacted; with `skip_all` only what `record` names is
//! recorded; a name in `skip` or on the default list shows its type and ids; a name that starts with `_` is unused by
//! convention and left out; everything else shows its value. `record` lifts the default list, never redaction.

use super::fields::reject_secret_field;
use super::returned::{is_returned, reject_returned_secret};
use crate::args::{Args, FieldArgs, Given, NamesArgs};
use crate::diag::Diags;
use crate::plan::{CapturePlan, Show};
use crate::secret::looks_secret;
use crate::sig::{Binding, Func, Param, Shape, mentions};
use crate::{key, policy, suggest};

/// Parameters that tend to be large or private: they show their type and ids unless `record` names them.
pub(crate) const SKIPPED: [&str; 16] = [
    "agent_state",
    "messages",
    "in_context_messages",
    "message_sequence",
    "content",
    "tool_returns",
    "memory",
    "sources",
    "context",
    "source_code",
    "system",
    "text_chunks",
    "embeddings",
    "embedding",
    "file_bytes",
    "chunks",
];

/// The options of which one value can have one.
const WAYS: [&str; 3] = ["debug", "display", "serde"];

/// What becomes of the parameters.
pub(super) struct Names {
    pub(super) captures: Vec<CapturePlan>,
    pub(super) redacted: Vec<String>,
}

/// How one name is treated.
enum Fate {
    Show(Show),
    Redact,
    Leave,
}

/// Applies the rules to every name that a parameter binds, and checks the options that name them.
pub(super) fn resolve(args: &Args, func: &Func, diags: &mut Diags) -> Names {
    for (names, option) in lists(args) {
        for (index, given) in names.iter().flat_map(|names| names.names.iter().enumerate()) {
            let earlier = names.iter().flat_map(|names| names.names.iter().take(index));
            if !is_returned(given, option) {
                require_param(given, option, func, diags);
            }
            reject_twice(given, option, earlier, diags);
        }
    }
    reject_contradictions(args, diags);
    reject_recorded_secrets(args, diags);
    reject_returned_secret(args, func, diags);
    let mut names = Names { captures: Vec::new(), redacted: Vec::new() };
    for (index, param) in func.params.iter().enumerate() {
        for binding in &param.bindings {
            match fate(args, &binding.name) {
                Fate::Show(show) => names.captures.push(capture(index, param, binding, show)),
                Fate::Redact => names.redacted.push(binding.name.clone()),
                Fate::Leave => {}
            }
        }
    }
    for field in &args.fields {
        if !reject_repeated(field, args, func, diags) {
            let shown = field.shown.as_ref();
            let told = shown.and_then(|shown| named(args.unredacted.as_ref(), &shown.name.value));
            reject_secret_field(field, told.is_some(), diags);
        }
    }
    names
}

/// The options that name parameters.
fn lists(args: &Args) -> [(Option<&NamesArgs>, &'static str); 6] {
    [
        (args.skip.as_ref(), "skip"),
        (args.record.as_ref(), "record"),
        (args.unredacted.as_ref(), "unredacted"),
        (args.debug.as_ref(), "debug"),
        (args.display.as_ref(), "display"),
        (args.serde.as_ref(), "serde"),
    ]
}

pub(super) fn named<'a>(names: Option<&'a NamesArgs>, name: &str) -> Option<&'a Given<String>> {
    names.into_iter().flat_map(|names| &names.names).find(|given| given.value == name)
}

fn fate(args: &Args, name: &str) -> Fate {
    let named = |names: &Option<NamesArgs>| named(names.as_ref(), name).is_some();
    let (debug, display, serde) = (named(&args.debug), named(&args.display), named(&args.serde));
    let recorded = named(&args.record) || named(&args.unredacted);
    if args.skip_all.is_some() && !(recorded || debug || display || serde) {
        Fate::Leave
    } else if looks_secret(name) && !named(&args.unredacted) {
        Fate::Redact
    } else if debug {
        Fate::Show(Show::Debug)
    } else if display {
        Fate::Show(Show::Display)
    } else if serde {
        Fate::Show(Show::Serde)
    } else if recorded {
        Fate::Show(Show::Named)
    } else if name.starts_with('_') {
        Fate::Leave
    } else if named(&args.skip) || is_skipped(name) {
        Fate::Show(Show::Excluded)
    } else {
        Fate::Show(Show::Value)
    }
}

/// Whether a name is on the list, as the workspace's policy has changed it.
fn is_skipped(name: &str) -> bool {
    let policy = policy::current();
    policy.skip.adds(name) || SKIPPED.contains(&name) && !policy.skip.removes(name)
}

fn capture(index: usize, param: &Param, binding: &Binding, show: Show) -> CapturePlan {
    let nameable = matches!(param.shape, Shape::Plain) && !mentions(&param.ty, "impl");
    CapturePlan {
        param: index,
        ident: binding.ident.clone(),
        show,
        key: key::encode(&format!("parameter.{}", binding.name)),
        ty: nameable.then(|| param.ty.clone()),
    }
}

fn require_param(given: &Given<String>, option: &str, func: &Func, diags: &mut Diags) {
    let (name, function) = (&given.value, &func.sig.ident);
    if func.bindings().any(|binding| binding.name == *name) {
        return;
    }
    if name == "self" {
        let help =
            format!("remove `self` from `{option}`; to record part of it, write `fields(key = self.part)`");
        return diags.report(given.spot, "`self` is never recorded", help);
    }
    let known: Vec<&str> = func.bindings().map(|binding| binding.name.as_str()).collect();
    let unnamed =
        func.params.iter().any(|param| matches!(param.shape, Shape::Pattern) && param.bindings.is_empty());
    let wrong = format!("`{name}` is not a parameter of `{function}`");
    let help = if name.contains(char::is_whitespace) {
        format!("separate names with commas: `{}`", name.split_whitespace().collect::<Vec<_>>().join(", "))
    } else if suggest::closest(name, &known).is_none() && unnamed {
        return diags.report(
            given.spot,
            format!("`{name}` is not bound in `{function}`: a parameter has a pattern without a name"),
            format!("name the parameter, like `{name}: …`, or remove `{name}` from `{option}`"),
        );
    } else {
        suggest::help(name, known, &format!("remove `{option}`: `{function}` has no parameters"))
    };
    diags.report(given.spot, wrong, help);
}

fn reject_twice<'a>(
    given: &Given<String>,
    option: &str,
    mut earlier: impl Iterator<Item = &'a Given<String>>,
    diags: &mut Diags,
) {
    if earlier.any(|other| other.value == given.value) {
        diags.report(
            given.spot,
            format!("`{}` stands in `{option}` twice", given.value),
            "remove one of the two",
        );
    }
}

fn reject_contradictions(args: &Args, diags: &mut Diags) {
    let skipped = args.skip.as_ref();
    if let (Some(all), Some(skip)) = (args.skip_all, skipped) {
        let (wrong, help) = (
            "`skip` has no effect beside `skip_all`",
            "remove `skip` to leave everything out, or `skip_all` to leave out only those",
        );
        diags.report(crate::diag::later(all, skip.key), wrong, help);
    }
    for (index, (names, option)) in lists(args).into_iter().enumerate() {
        for given in names.iter().flat_map(|names| &names.names) {
            for (earlier, other) in lists(args).into_iter().take(index) {
                // Two ways of showing one value, or one and its contrary.
                let exclusive = other == "skip" || WAYS.contains(&option) && WAYS.contains(&other);
                let Some(earlier) = named(earlier, &given.value).filter(|_| exclusive) else { continue };
                let name = &given.value;
                let wrong = format!("`{name}` is both in `{other}` and in `{option}`");
                let help = if other == "skip" {
                    format!("remove `{name}` from `skip` to record its value, from `{option}` to hide it")
                } else {
                    format!("remove `{name}` from one of the two")
                };
                diags.report(crate::diag::later(earlier.spot, given.spot), wrong, help);
            }
        }
    }
}

fn reject_recorded_secrets(args: &Args, diags: &mut Diags) {
    for (names, option) in lists(args) {
        for given in names.iter().flat_map(|names| &names.names) {
            let name = &given.value;
            if is_returned(given, option) {
                continue;
            }
            match (option, looks_secret(name)) {
                ("unredacted", false) => {
                    let wrong = format!("`{name}` does not look like a secret, and is not redacted");
                    diags.report(given.spot, wrong, format!("write `record({name})`, or remove it"));
                }
                ("record" | "debug" | "display" | "serde", true)
                    if named(args.unredacted.as_ref(), name).is_none() =>
                {
                    let wrong = format!("`{name}` looks like a secret and cannot be recorded");
                    let help =
                        format!("remove it from `{option}`, or write `unredacted({name})` if it is none");
                    diags.report(given.spot, wrong, help);
                }
                _ => {}
            }
        }
    }
}

/// A field that says what a parameter's attribute says already; whether it is one.
fn reject_repeated(field: &FieldArgs, args: &Args, func: &Func, diags: &mut Diags) -> bool {
    let key = &field.key.value;
    let same = |binding: &&Binding| {
        let repeats =
            *key == binding.name && field.variable().is_some_and(|variable| *variable == binding.ident);
        repeats || key.strip_prefix("parameter.") == Some(binding.name.as_str())
    };
    let Some(binding) = func.bindings().find(same) else { return false };
    let name = &binding.name;
    let help = match fate(args, name) {
        Fate::Show(Show::Value | Show::Named | Show::Debug | Show::Display | Show::Serde) => {
            format!("remove it: `{name}` is recorded as `parameter.{name}`")
        }
        Fate::Redact => format!("remove it: `{name}` looks like a secret and is shown as `<redacted>`"),
        Fate::Show(Show::Excluded) | Fate::Leave => {
            format!("write `record({name})` instead, to record its value")
        }
    };
    diags.report(field.key.spot, format!("field `{key}` repeats the parameter `{name}`"), help);
    true
}
