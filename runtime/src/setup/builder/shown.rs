//! The configuration as it is shown: what the plan says, what describes the service, and where each signal goes.

use opentelemetry::KeyValue;

use super::Builder;
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
use crate::export::{Chosen, otlp::Signal};
use crate::setup::config::plan::Plan;
use crate::setup::config::settings::Settings;
use crate::setup::config::source::Source;
use crate::setup::config::{Config, Entry};
use crate::setup::error::Error;

impl Builder {
    pub(super) fn shown(&self, plan: &Plan, settings: &Settings) -> Result<Config, Error> {
        let mut entries = self.of_resource(settings);
        #[cfg(feature = "metrics")]
        entries.extend(self.metrics.shown(&settings.metrics, self.sets_otlp_for_all()));
        #[cfg(feature = "logs")]
        entries.extend(self.logs.shown(
            &settings.logs,
            self.goes_to_console(settings),
            self.sets_otlp_for_all(),
        ));
        self.add_otlp(&mut entries, settings)?;
        Ok(plan.config().with(entries))
    }

    #[cfg(all(
        any(feature = "logs", feature = "metrics"),
        any(feature = "otlp-grpc", feature = "otlp-http")
    ))]
    fn sets_otlp_for_all(&self) -> bool {
        self.otlp.is_some()
    }

    #[cfg(all(
        any(feature = "logs", feature = "metrics"),
        not(any(feature = "otlp-grpc", feature = "otlp-http"))
    ))]
    #[expect(clippy::unused_self, reason = "the other one looks")]
    fn sets_otlp_for_all(&self) -> bool {
        false
    }

    /// Whether spans go to the console because nothing is said.
    #[cfg(feature = "logs")]
    pub(super) fn goes_to_console(&self, settings: &Settings) -> bool {
        self.exit.is_none() && settings.exporter.is_none()
    }

    /// What was said about the resource, but for what the program found out itself.
    fn of_resource(&self, settings: &Settings) -> Vec<Entry> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut add = |attribute: &KeyValue, source: &Source| {
            let key = format!("resource.{}", attribute.key);
            entries.retain(|entry| entry.key() != key);
            entries.push(Entry::new(key, &attribute.value.to_string(), source));
        };
        if let Some(read) = &settings.resource {
            read.value.iter().for_each(|attribute| add(attribute, &read.source));
        }
        if let Some(name) = &settings.service_name {
            add(&KeyValue::new("service.name", name.value.clone()), &name.source);
        }
        self.resource.attributes.iter().for_each(|attribute| add(attribute, &Source::Builder));
        entries
    }

    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    fn add_otlp(&self, entries: &mut Vec<Entry>, settings: &Settings) -> Result<(), Error> {
        use crate::setup::config::lookup::Lookup;

        let lookup = if self.reads_environment { Lookup::of_process() } else { Lookup::default() };
        let traces = match (&self.otlp, &settings.exporter) {
            (Some(otlp), _) if self.sets_otlp => Some((otlp, &Source::Builder)),
            (_, Some(set)) if self.exit.is_none() => match &set.value {
                Chosen::Otlp(otlp) => Some((otlp, &set.source)),
                _ => None,
            },
            _ => None,
        };
        if let Some((otlp, source)) = traces {
            entries.extend(otlp.shown(Signal::Traces, &lookup, source)?);
        }
        #[cfg(feature = "metrics")]
        if let Some((otlp, source)) = self.metrics.otlp(&settings.metrics, self.otlp.as_ref()) {
            entries.extend(otlp.shown(Signal::Metrics, &lookup, &source)?);
        }
        Ok(())
    }

    #[cfg(not(any(feature = "otlp-grpc", feature = "otlp-http")))]
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "the other one looks")]
    fn add_otlp(&self, _: &mut Vec<Entry>, _: &Settings) -> Result<(), Error> {
        Ok(())
    }
}
