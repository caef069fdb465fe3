//! The configuration as it is shown: what the plan says, what describes the service, and where each signal goes.

use super::Builder;
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
use crate::export::{Chosen, Otlp, otlp::Signal};
use crate::setup::config::lookup::Lookup;
use crate::setup::config::plan::Plan;
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
use crate::setup::config::settings::CONFIG_FILE;
use crate::setup::config::settings::Settings;
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
use crate::setup::config::source::Source;
use crate::setup::config::{Config, Entry};
use crate::setup::error::Error;
use crate::setup::resource::Described;

impl Builder {
    pub(super) fn shown(
        &self,
        plan: &Plan,
        settings: &Settings,
        described: &Described,
        lookup: &Lookup,
    ) -> Result<Config, Error> {
        let mut entries: Vec<Entry> = described.entries().collect();
        #[cfg(feature = "metrics")]
        entries.extend(self.metrics.shown(&settings.metrics, self.sets_otlp_for_all()));
        #[cfg(feature = "logs")]
        entries.extend(self.logs.shown(
            &settings.logs,
            self.goes_to_console(settings),
            self.sets_otlp_for_all(),
        ));
        self.add_otlp(&mut entries, settings, plan.disabled.value, lookup)?;
        Ok(plan.config().with(entries).warning(lookup.take_warnings()))
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

    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    fn add_otlp(
        &self,
        entries: &mut Vec<Entry>,
        settings: &Settings,
        disabled: bool,
        lookup: &Lookup,
    ) -> Result<(), Error> {
        let own = self.own_otlp(settings);
        let traces = match (&own, &settings.exporter) {
            (Some(otlp), _) if self.sets_otlp => Some((otlp, &Source::Builder)),
            (_, Some(set)) if self.exit.is_none() => match &set.value {
                Chosen::Otlp(otlp) => Some((otlp, &set.source)),
                _ => None,
            },
            _ => None,
        };
        // What sends nothing may be without its key.
        let mut add = |otlp: &Otlp, signal, source: &Source| {
            if !disabled {
                otlp.check(signal, lookup)?;
            }
            entries.extend(otlp.shown(signal, lookup, source)?);
            Ok::<_, Error>(())
        };
        if let Some((otlp, source)) = traces {
            add(otlp, Signal::Traces, source)?;
        }
        #[cfg(feature = "metrics")]
        if let Some((otlp, source)) = self.metrics.otlp(&settings.metrics, own.as_ref()) {
            add(otlp, Signal::Metrics, &source)?;
        }
        #[cfg(feature = "logs")]
        if let Some((otlp, source)) = self.logs.otlp(&settings.logs, own.as_ref()) {
            add(otlp, Signal::Logs, &source)?;
        }
        // A mistake is one also where nothing is sent so far. A declarative file counts in the place of these variables.
        if !disabled && lookup.text(CONFIG_FILE)?.is_none() {
            Otlp::check_variables(lookup)?;
        }
        Ok(())
    }

    #[cfg(not(any(feature = "otlp-grpc", feature = "otlp-http")))]
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "the other one looks")]
    fn add_otlp(&self, _: &mut Vec<Entry>, _: &Settings, _: bool, _: &Lookup) -> Result<(), Error> {
        Ok(())
    }
}
