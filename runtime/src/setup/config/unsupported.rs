//! OpenTelemetry's variables that ask for what is not here: said when telemetry is switched on, where they would change anything.
//!
//! Each warning names the value, and what happens instead. One is an error: a file that nobody would read.

use super::lookup::{Lookup, wrong};
use super::source::Set;
use crate::setup::error::Error;

/// The file's name of old, beside its name of now.
///
/// # Errors
///
/// It names another file than the one that is read, or a file where none is: the program would start with another configuration than
/// its owner thinks.
pub(super) fn refuse_old_file(lookup: &Lookup, file: Option<&Set<String>>) -> Result<(), Error> {
    const NAME: &str = "OTEL_EXPERIMENTAL_CONFIG_FILE";
    match (lookup.text(NAME)?, file) {
        (Some(old), None) => Err(wrong(NAME, &old.value, "OTEL_CONFIG_FILE, which is its name now")),
        (Some(old), Some(file)) if old.value != file.value => {
            Err(wrong(NAME, &old.value, "the same file as OTEL_CONFIG_FILE, or nothing"))
        }
        _ => Ok(()),
    }
}

/// Warns of what has no effect.
///
/// # Errors
///
/// A variable is not UTF-8.
pub(super) fn warn(lookup: &Lookup) -> Result<(), Error> {
    if lookup.text("OTEL_ENTITIES")?.is_some() {
        lookup.warn("OTEL_ENTITIES has no effect: entities are not supported; expected the same attributes in OTEL_RESOURCE_ATTRIBUTES".to_owned());
    }
    let no_effect = |name, is_so: fn(&str) -> bool, instead: &str| {
        if let Some(Set { value, .. }) = lookup.text(name)?.filter(|text| !is_so(&text.value)) {
            lookup.warn(format!("{name} is `{value}`, which has no effect: {instead}"));
        }
        Ok::<_, Error>(())
    };
    no_effect(
        "OTEL_METRICS_EXEMPLAR_FILTER",
        |filter| filter == "always_off",
        "metrics have no exemplars; expected always_off",
    )?;
    // The new names alone are what others ask for.
    no_effect(
        "OTEL_SEMCONV_STABILITY_OPT_IN",
        |areas| areas.split(',').all(|area| !area.trim().ends_with("/dup")),
        "attributes have the stable names alone; expected no `/dup`",
    )?;
    no_effect(
        "OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN",
        |_| false,
        "exceptions are events of their spans, and no log records; expected nothing",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(name: &str, value: &str) -> Vec<String> {
        let lookup = Lookup::of(&[(name, value)]);
        warn(&lookup).expect("text");
        lookup.take_warnings()
    }

    #[test]
    fn what_would_change_something_is_named_with_its_value_and_the_rest_is_quiet() {
        for (name, wants, is_so) in [
            (
                "OTEL_METRICS_EXEMPLAR_FILTER",
                &["trace_based", "always_on", "sometimes"][..],
                &["always_off"][..],
            ),
            (
                "OTEL_SEMCONV_STABILITY_OPT_IN",
                &["http/dup", "database, code/dup"],
                &["http", "http,database"],
            ),
            ("OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN", &["logs", "logs/dup"], &[]),
        ] {
            for value in wants {
                let said = said(name, value);
                let begins = format!("{name} is `{value}`, which has no effect: ");
                assert!(said.len() == 1 && said[0].starts_with(&begins), "{said:?}");
            }
            for value in is_so.iter().chain(&[""]) {
                assert_eq!(said(name, value), [""; 0], "{name}={value}");
            }
        }
        assert!(
            said("OTEL_ENTITIES", "service{service.name=a}")[0].starts_with("OTEL_ENTITIES has no effect")
        );
    }

    #[test]
    fn a_file_under_its_old_name_is_never_passed_over() {
        let old = "OTEL_EXPERIMENTAL_CONFIG_FILE";
        let of = |old_value: &str, file: Option<&str>| {
            let file = file.map(|file| Set::by_default(file.to_owned()));
            refuse_old_file(&Lookup::of(&[(old, old_value)]), file.as_ref())
                .map_err(|error| error.to_string())
        };
        let refused = |expected: &str| Err(format!("{old} is `/a.yaml`; expected {expected}"));
        assert_eq!(of("/a.yaml", None), refused("OTEL_CONFIG_FILE, which is its name now"));
        assert_eq!(of("/a.yaml", Some("/b.yaml")), refused("the same file as OTEL_CONFIG_FILE, or nothing"));
        assert_eq!(
            [of("/a.yaml", Some("/a.yaml")), of("", None), of("", Some("/a.yaml"))],
            [const { Ok(()) }; 3]
        );
    }
}
