//! The environment's variables about logs.

use std::time::Duration;

use tracing_subscriber::filter::Targets;

use super::filter;
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
use crate::export::otlp::{Otlp, Signal};
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
use crate::setup::config::exporters::otlp_of;
use crate::setup::config::lookup::{Lookup, MAX_MILLIS, wrong};
use crate::setup::config::source::Set;
use crate::setup::error::Error;

/// Records that may wait, at most: the SDK's channel has room for all of them at once.
pub(crate) const MAX_RECORDS: u64 = 1_000_000;

/// An exporter that `OTEL_LOGS_EXPORTER` names.
#[derive(Debug)]
pub(crate) enum Named {
    None,
    Console,
    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    Otlp(Otlp),
}

impl Named {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Console => "console",
            #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
            Self::Otlp(_) => "otlp",
        }
    }
}

/// What the variables say; `None` where they say nothing.
#[derive(Debug, Default)]
pub(crate) struct Variables {
    /// By its name, or because there is an endpoint.
    pub(crate) exporter: Option<Set<Named>>,
    pub(crate) delay: Option<Set<Duration>>,
    pub(crate) timeout: Option<Set<Duration>>,
    pub(crate) queue: Option<Set<u64>>,
    pub(crate) batch: Option<Set<u64>>,
    pub(crate) which: Option<Set<Targets>>,
    /// Characters of a text in an attribute.
    pub(crate) value_length: Option<Set<u32>>,
    /// Attributes of a record.
    pub(crate) attributes: Option<Set<u32>>,
}

impl Variables {
    /// What counts beside the declarative file, which is not OpenTelemetry's.
    ///
    /// # Errors
    ///
    /// It is not UTF-8.
    #[cfg(feature = "config-file")]
    pub(crate) fn beside_file(lookup: &Lookup) -> Result<Self, Error> {
        Ok(Self { which: filter::read(lookup)?, ..Self::default() })
    }

    /// # Errors
    ///
    /// One of them has a value that cannot be used.
    pub(crate) fn read(lookup: &Lookup) -> Result<Self, Error> {
        let millis = |name| {
            let number = lookup.number(name, 1..=MAX_MILLIS, "milliseconds")?;
            Ok::<_, Error>(number.map(|set| set.map(Duration::from_millis)))
        };
        let limit = |own, general| {
            let number = |name| lookup.number(name, 0..=i32::MAX as u64, "units");
            let set = match number(own)? {
                Some(set) => Some(set),
                None => number(general)?,
            };
            Ok::<_, Error>(set.map(|set| set.map(|number| u32::try_from(number).unwrap_or(u32::MAX))))
        };
        let records = |name| lookup.number(name, 1..=MAX_RECORDS, "records");
        Ok(Self {
            exporter: exporter(lookup)?,
            delay: millis("OTEL_BLRP_SCHEDULE_DELAY")?,
            timeout: millis("OTEL_BLRP_EXPORT_TIMEOUT")?,
            queue: records("OTEL_BLRP_MAX_QUEUE_SIZE")?,
            batch: records("OTEL_BLRP_MAX_EXPORT_BATCH_SIZE")?,
            which: filter::read(lookup)?,
            value_length: limit(
                "OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT",
                "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT",
            )?,
            attributes: limit("OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT", "OTEL_ATTRIBUTE_COUNT_LIMIT")?,
        })
    }
}

impl Variables {
    /// Events down to `debug`, where nothing else says which.
    pub(crate) fn listen_to_debug(&mut self, on: Option<Set<bool>>) {
        if self.which.is_none() {
            self.which = on.map(|on| on.map(|_| Targets::new().with_default(tracing::Level::DEBUG)));
        }
    }
}

fn exporter(lookup: &Lookup) -> Result<Option<Set<Named>>, Error> {
    const NAME: &str = "OTEL_LOGS_EXPORTER";
    let endpoint = lookup.first(&["OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"])?;
    match (lookup.text(NAME)?, endpoint) {
        (Some(name), _) => {
            let named = match name.value.to_ascii_lowercase().as_str() {
                "none" => Named::None,
                "console" => Named::Console,
                "otlp" => otlp(lookup)?,
                _ => return Err(wrong(NAME, &name.value, "one of otlp, console, none")),
            };
            Ok(Some(name.map(|_| named)))
        }
        (None, Some((_, endpoint))) => Ok(Some(Set::new(otlp(lookup)?, endpoint.source))),
        (None, None) => Ok(None),
    }
}

#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
fn otlp(lookup: &Lookup) -> Result<Named, Error> {
    otlp_of(lookup, Signal::Logs).map(Named::Otlp)
}

#[cfg(not(any(feature = "otlp-grpc", feature = "otlp-http")))]
fn otlp(_: &Lookup) -> Result<Named, Error> {
    use crate::setup::error::Kind;

    Err(Error::new(Kind::MissingFeature { protocol: "http/protobuf", feature: "otlp-http" }))
}

#[cfg(test)]
#[cfg(feature = "otlp-http")]
mod tests {
    use super::super::options::Options;
    use super::*;
    use crate::setup::config::source::Source;

    /// What is shown with this variable: value, source, and how many warnings there are.
    fn shown(key: &str, name: &str, value: &str) -> Result<(String, Source, usize), String> {
        let lookup = Lookup::of(&[(name, value)]);
        let variables = Variables::read(&lookup).map_err(|error| error.to_string())?;
        let entries = Options::default().shown(&variables, true, false);
        let entry = entries.iter().find(|entry| entry.key() == key).expect(key);
        Ok((entry.value().to_owned(), entry.source().clone(), lookup.take_warnings().len()))
    }

    #[test]
    fn each_variable_has_a_good_a_bad_and_no_value() {
        /// A variable, the entry that shows it, a good value, how it is shown, what is shown without, and a bad one.
        type Case = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);
        const ENDPOINT: &str = "http://collector:4318/v1/logs";
        const VALUE_LENGTH: &str = "logs.limits.attribute_value_length";
        const CASES: [Case; 11] = [
            ("OTEL_LOGS_EXPORTER", "logs.exporter", "None", "none", "console", "zipkin"),
            ("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "logs.exporter", ENDPOINT, "otlp", "console", " "),
            ("OTEL_BLRP_SCHEDULE_DELAY", "logs.schedule_delay", "250", "250ms", "1s", "0"),
            ("OTEL_BLRP_EXPORT_TIMEOUT", "logs.export_timeout", "750", "750ms", "30s", "-1"),
            ("OTEL_BLRP_MAX_QUEUE_SIZE", "logs.max_queue_size", "4096", "4096", "2048", "many"),
            ("OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", "logs.max_export_batch_size", "64", "64", "512", "0"),
            ("OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT", "logs.limits.attributes", "9", "9", "none", "-1"),
            ("OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT", VALUE_LENGTH, "0", "0", "none", "long"),
            ("OTEL_ATTRIBUTE_COUNT_LIMIT", "logs.limits.attributes", "8", "8", "none", "1.5"),
            ("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", VALUE_LENGTH, "80", "80", "none", "x"),
            ("RUST_LOG", "logs.filter", "shop=debug", "shop=debug", "info", "shop[span]=debug=x"),
        ];
        for (name, key, good, as_shown, default, bad) in CASES {
            let source = Source::Variable(name);
            assert_eq!(shown(key, name, good), Ok((as_shown.to_owned(), source, 0)), "{name}");
            for absent in ["", "  "] {
                assert_eq!(shown(key, name, absent), Ok((default.to_owned(), Source::Default, 0)), "{name}");
            }
            match shown(key, name, bad) {
                Err(error) => {
                    assert_eq!(error, "OTEL_LOGS_EXPORTER is `zipkin`; expected one of otlp, console, none");
                }
                Ok((value, source, warnings)) => {
                    let expected = (default, Source::Default, usize::from(!bad.trim().is_empty()));
                    assert_eq!((&*value, source, warnings), expected, "{name}");
                }
            }
        }
    }
}
