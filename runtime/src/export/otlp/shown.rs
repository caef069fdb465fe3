//! The OTLP exporter's part of the configuration, for people and programs: each value with its source, and nothing that is secret.

use super::endpoint::{Endpoint, Target, shown};
use super::signal::{Names, Signal, names};
use super::variables::timeout;
use super::{IN_FLIGHT, Otlp, Protocol, QUEUE_BYTES, TIMEOUT};
use crate::setup::config::Entry;
use crate::setup::config::exporters;
use crate::setup::config::lookup::Lookup;
use crate::setup::config::source::{Set, Source};
use crate::setup::error::Error;

const PROTOCOL: Names = names!("PROTOCOL");
const HEADERS: Names = names!("HEADERS");

/// What has one value.
const VALUES: [(&str, Names); 6] = [
    ("endpoint", names!("ENDPOINT")),
    ("timeout", names!("TIMEOUT")),
    ("compression", names!("COMPRESSION")),
    ("certificate", names!("CERTIFICATE")),
    ("client_certificate", names!("CLIENT_CERTIFICATE")),
    ("client_key", names!("CLIENT_KEY")),
];

impl Otlp {
    /// What counts for `signal`; `source` is who made this.
    ///
    /// # Errors
    ///
    /// A variable is not UTF-8.
    pub(crate) fn shown(
        &self,
        signal: Signal,
        lookup: &Lookup,
        source: &Source,
    ) -> Result<Vec<Entry>, Error> {
        let environment = |names: &Names| {
            let names: &[_] = if self.reads_environment { &[names.of(signal), names.general] } else { &[] };
            Ok::<_, Error>(lookup.first(names)?.map(|(_, set)| set))
        };
        let key = |name: &str| format!("{}.otlp.{name}", signal.as_str());
        let made_by_environment = matches!(source, Source::Variable(_) | Source::Preset(_));
        // Another system's endpoint has its own.
        let says_so = |set: &Set<String>| made_by_environment && set.value == self.protocol.as_str();
        let protocol = match environment(&PROTOCOL)?.filter(says_so) {
            Some(set) => Entry::new(key("protocol"), self.protocol.as_str(), &set.source),
            None if matches!(source, Source::Variable(_)) && self.protocol == Protocol::HttpProtobuf => {
                Entry::new(key("protocol"), self.protocol.as_str(), &Source::Default)
            }
            None => Entry::new(key("protocol"), self.protocol.as_str(), source),
        };
        let mut entries = vec![protocol];
        for (name, names) in VALUES {
            let set = match self.own(name) {
                Some(value) => Some((value, source.clone())),
                // One that is no number is not what counts.
                None if name == "timeout" && self.reads_environment => {
                    timeout(signal, lookup)?.map(|set| (format!("{:?}", set.value), set.source))
                }
                None => environment(&names)?.map(|set| (set.value, set.source)),
            };
            let set = set.or_else(|| self.of_layer(name, signal));
            let (value, source) = set.unwrap_or_else(|| (self.default(name, signal), Source::Default));
            let value = if name == "endpoint" { shown(&value) } else { value };
            entries.push(Entry::new(key(name), &value, &source));
        }
        entries.push(self.shown_headers(key("headers"), signal, environment(&HEADERS)?.as_ref(), source));
        if signal == Signal::Traces {
            let bytes = lookup.text(exporters::QUEUE_BYTES)?.filter(|_| made_by_environment);
            let source_of_all = source;
            let source = match bytes {
                Some(set) => set.source,
                None if self.queue_bytes == QUEUE_BYTES => Source::Default,
                None => source.clone(),
            };
            entries.push(Entry::new(key("queue_bytes"), &self.queue_bytes.to_string(), &source));
            entries.push(self.shown_in_flight(key("max_in_flight"), lookup, source_of_all)?);
        }
        Ok(entries)
    }

    /// Requests under way: of the variable, where it is its number or the nearest one.
    fn shown_in_flight(&self, key: String, lookup: &Lookup, source: &Source) -> Result<Entry, Error> {
        let is_default = self.in_flight == IN_FLIGHT;
        let by_environment = matches!(source, Source::Variable(_) | Source::Preset(_));
        let set = lookup.text(exporters::IN_FLIGHT)?.filter(|_| by_environment);
        let source = match set.filter(|set| !is_default || set.value.parse() == Ok(IN_FLIGHT)) {
            Some(set) => set.source,
            None if is_default => Source::Default,
            None => source.clone(),
        };
        Ok(Entry::new(key, &self.in_flight.to_string(), &source))
    }

    /// What is set here.
    fn own(&self, name: &str) -> Option<String> {
        let chain = self.client_certificate.as_ref();
        match name {
            "endpoint" => self.endpoint.clone(),
            "timeout" => self.timeout.map(|timeout| format!("{timeout:?}")),
            "compression" => self.compression.map(|compression| compression.as_str().to_owned()),
            "certificate" => self.certificate.as_ref().map(|file| file.display().to_string()),
            "client_certificate" => chain.map(|(chain, _)| chain.display().to_string()),
            _ => chain.map(|(_, key)| key.display().to_string()),
        }
    }

    /// What a preset says of it.
    fn of_layer(&self, name: &str, signal: Signal) -> Option<(String, Source)> {
        let layer = self.layer.as_deref()?;
        let value = match name {
            "endpoint" => {
                let target = Target { protocol: self.protocol, signal };
                let endpoint = layer.endpoint(self.protocol).and_then(|url| Endpoint::of_option(target, url));
                endpoint.ok()?.uri().to_string()
            }
            "compression" => layer.compression()?.as_str().to_owned(),
            _ => return None,
        };
        Some((value, layer.source()))
    }

    fn default(&self, name: &str, signal: Signal) -> String {
        match name {
            "endpoint" => Endpoint::local(Target { protocol: self.protocol, signal }).uri().to_string(),
            "timeout" => format!("{TIMEOUT:?}"),
            "certificate" => "the system's".to_owned(),
            _ => "none".to_owned(),
        }
    }

    /// The names of headers, and no value; their source is that of the strongest who has one.
    fn shown_headers(
        &self,
        key: String,
        signal: Signal,
        environment: Option<&Set<String>>,
        source: &Source,
    ) -> Entry {
        let own = self.headers.iter().map(|(name, _)| name.as_str());
        // What is no pair may be a secret.
        let pairs = environment.into_iter().flat_map(|set| set.value.split(','));
        let pairs = pairs.filter_map(|pair| pair.split_once('=')).map(|(name, _)| name.trim());
        let of_layer = self.layer.iter().flat_map(|layer| layer.headers(signal)).map(|(name, ..)| name);
        let mut names: Vec<String> = Vec::new();
        for name in own.chain(pairs.filter(|name| !name.is_empty())).chain(of_layer) {
            let name = name.to_ascii_lowercase();
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let source = match (environment, &self.layer) {
            _ if !self.headers.is_empty() => source.clone(),
            (Some(set), _) => set.source.clone(),
            (None, Some(layer)) if !names.is_empty() => layer.source(),
            _ => Source::Default,
        };
        let hidden: Vec<String> = names.iter().map(|name| format!("{name}=<hidden>")).collect();
        let value = if hidden.is_empty() { "none".to_owned() } else { hidden.join(",") };
        Entry::new(key, &value, &source)
    }
}

impl Protocol {
    fn as_str(self) -> &'static str {
        match self {
            Self::Grpc => "grpc",
            Self::HttpProtobuf => "http/protobuf",
        }
    }
}

impl super::Compression {
    fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }
}

impl Signal {
    fn as_str(self) -> &'static str {
        match self {
            Self::Traces => "traces",
            Self::Metrics => "metrics",
            Self::Logs => "logs",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(otlp: &Otlp, variables: &[(&str, &str)], source: &Source) -> String {
        let entries = otlp.shown(Signal::Traces, &Lookup::of(variables), source).expect("text");
        let lines =
            entries.iter().map(|entry| format!("{} = {} ({})", entry.key(), entry.value(), entry.source()));
        lines.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn each_value_has_its_source_and_no_secret_is_shown() {
        let variables = [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://user:hunter2@collector:4318"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "api-key=hunter2, hunter2 ,x=hunter2"),
            ("OTEL_EXPORTER_OTLP_TIMEOUT", "5000"),
            ("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "7000"),
        ];
        let source = Source::Variable("OTEL_EXPORTER_OTLP_ENDPOINT");
        let shown = of(&Otlp::new(Protocol::HttpProtobuf), &variables, &source);
        for line in [
            "traces.otlp.protocol = http/protobuf (default)",
            "traces.otlp.endpoint = <hidden> (OTEL_EXPORTER_OTLP_ENDPOINT)",
            "traces.otlp.timeout = 7s (OTEL_EXPORTER_OTLP_TRACES_TIMEOUT)",
            "traces.otlp.headers = api-key=<hidden>,x=<hidden> (OTEL_EXPORTER_OTLP_HEADERS)",
            "traces.otlp.compression = none (default)",
            "traces.otlp.queue_bytes = 33554432 (default)",
        ] {
            assert!(shown.lines().any(|shown| shown == line), "{line}\n{shown}");
        }
        assert!(!shown.contains("hunter2"), "{shown}");
    }

    #[test]
    fn what_the_builder_says_counts_before() {
        let otlp = Otlp::new(Protocol::Grpc).endpoint("http://a:4317").header("api-key", "hunter2");
        let shown = of(&otlp, &[("OTEL_EXPORTER_OTLP_ENDPOINT", "http://b:4317")], &Source::Builder);
        assert!(shown.contains("traces.otlp.protocol = grpc (builder)"), "{shown}");
        assert!(shown.contains("traces.otlp.endpoint = http://a:4317 (builder)"), "{shown}");
        assert!(shown.contains("traces.otlp.headers = api-key=<hidden> (builder)"), "{shown}");
    }
}
