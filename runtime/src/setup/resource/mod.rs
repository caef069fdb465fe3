//! The resource: what describes the program that spans, metrics and logs come from.
//!
//! From weak to strong: what the surroundings say, the variables of build services, what was known when the program was built,
//! `OTEL_RESOURCE_ATTRIBUTES`, `OTEL_SERVICE_NAME`, and the builder. A service that nobody named has the name of its binary, and an
//! instance that nobody named a random number.

mod build_info;
#[cfg(feature = "resource-detectors")]
mod detect;
mod device;
pub(crate) mod environment;
pub(crate) mod vcs;

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use opentelemetry::{KeyValue, Value};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::resource::{ResourceDetector as _, TelemetryResourceDetector};
use rand::TryRngCore as _;
use rand::rngs::OsRng;

pub use build_info::BuildInfo;
use vcs::Vcs;

use super::config::Entry;
use super::config::source::{Set, Source};
use crate::capture::secret_name::looks_secret;

const ENVIRONMENT: &str = "deployment.environment.name";

/// What the builder says.
#[derive(Debug, Clone, Default)]
pub(crate) struct Given {
    pub(crate) attributes: Vec<KeyValue>,
    pub(crate) build_info: Option<BuildInfo>,
    pub(crate) without_detectors: bool,
    pub(crate) device_id: bool,
    pub(crate) datadog: bool,
}

/// What the environment says.
#[derive(Debug, Clone, Default)]
pub(crate) struct Read {
    pub(crate) service_name: Option<Set<String>>,
    pub(crate) attributes: Vec<Set<KeyValue>>,
    pub(crate) vcs: Vcs,
    /// Whether Datadog's own names are there, too.
    pub(crate) datadog: bool,
}

/// The resource, each attribute with where it comes from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Described(BTreeMap<String, Set<Value>>);

impl Described {
    /// What both say, and what is found.
    pub(crate) fn new(given: &Given, read: &Read) -> Self {
        let mut found = Self::default();
        #[cfg(feature = "resource-detectors")]
        if !given.without_detectors {
            for (detector, attribute) in detect::detected() {
                found.add(attribute, Source::Detector(detector));
            }
        }
        for (key, value) in &TelemetryResourceDetector.detect() {
            found.add(KeyValue::new(key.clone(), value.clone()), Source::Detector("sdk"));
        }
        let build = given.build_info.unwrap_or_default();
        let vcs = read.vcs.clone().or(build.vcs());
        found.text("service.name", binary().map(Set::by_default));
        found.text("service.instance.id", Some(Set::by_default(instance())));
        let version = build.version().map(|version| Set::new(version.to_owned(), Source::BuildInfo));
        found.text("service.version", version);
        found.text("vcs.repository.url.full", vcs.url);
        found.text("vcs.ref.head.revision", vcs.revision);
        for set in &read.attributes {
            found.add(set.value.clone(), set.source.clone());
        }
        found.text("service.name", read.service_name.clone());
        for attribute in &given.attributes {
            found.add(attribute.clone(), Source::Builder);
        }
        // An empty name is none.
        if found.get("service.name").is_some_and(|name| name.value.as_str().is_empty()) {
            found.text("service.name", binary().map(Set::by_default));
        }
        found.settle_environment();
        if given.device_id && found.may_tell_device() {
            if let Some(id) = device::id() {
                found.add(KeyValue::new("device.id", id), Source::Detector("device"));
            }
        }
        if given.datadog || read.datadog {
            found.repeat("git.repository_url", "vcs.repository.url.full");
            found.repeat("git.commit.sha", "vcs.ref.head.revision");
        }
        if read.datadog {
            // Agents before 7.58 know the old name alone.
            found.repeat("deployment.environment", ENVIRONMENT);
        }
        found
    }

    /// As providers take it.
    pub(crate) fn resource(&self) -> Resource {
        let attributes = self.0.iter().map(|(key, set)| KeyValue::new(key.clone(), set.value.clone()));
        Resource::builder_empty().with_attributes(attributes).build()
    }

    /// For people and programs: where the key looks like a secret, without the value. Exported it is as it was said.
    pub(crate) fn entries(&self) -> impl Iterator<Item = Entry> + '_ {
        self.0.iter().map(|(key, set)| {
            let value = if looks_secret(key) { "<hidden>".to_owned() } else { set.value.to_string() };
            Entry::new(format!("resource.{key}"), &value, &set.source)
        })
    }

    fn get(&self, key: &str) -> Option<&Set<Value>> {
        self.0.get(key)
    }

    /// Adds an attribute, in the place of the one of that key.
    fn add(&mut self, attribute: KeyValue, source: Source) {
        self.0.insert(attribute.key.to_string(), Set::new(attribute.value, source));
    }

    fn text(&mut self, key: &str, text: Option<Set<String>>) {
        self.0.extend(text.map(|text| (key.to_owned(), text.map(Value::from))));
    }

    /// Adds what has the key `ours` under the key `theirs`, too.
    fn repeat(&mut self, theirs: &str, ours: &str) {
        let set = self.get(ours).cloned();
        self.0.extend(set.map(|set| (theirs.to_owned(), set)));
    }

    /// The environment in its one spelling, also where it has the attribute's old name.
    fn settle_environment(&mut self) {
        let named = self.get(ENVIRONMENT).or_else(|| self.get("deployment.environment")).cloned();
        let Some(Set { value, source }) = named else { return };
        match environment::normalised(&value.as_str()) {
            Some(name) => self.text(ENVIRONMENT, Some(Set::new(name, source))),
            None => drop(self.0.remove(ENVIRONMENT)),
        }
    }

    /// Nowhere where it may be production.
    fn may_tell_device(&self) -> bool {
        self.get(ENVIRONMENT).is_some_and(|name| !environment::is_production(&name.value.as_str()))
    }
}

/// The name of the program's file.
fn binary() -> Option<String> {
    let path = std::env::current_exe().ok()?;
    Some(path.file_stem()?.to_string_lossy().into_owned()).filter(|name| !name.is_empty())
}

/// A random UUID (version 4), the same as long as the process runs; a child of a fork has its own.
fn instance() -> String {
    static INSTANCE: Mutex<Option<(u32, String)>> = Mutex::new(None);
    let mut instance = INSTANCE.lock().unwrap_or_else(PoisonError::into_inner);
    let process = std::process::id();
    match &*instance {
        Some((of, id)) if *of == process => id.clone(),
        _ => {
            let id = uuid();
            *instance = Some((process, id.clone()));
            id
        }
    }
}

fn uuid() -> String {
    let mut bytes = [0; 16];
    // A system without random numbers has none to give: then nobody is told from others by this.
    let _ = OsRng.try_fill_bytes(&mut bytes);
    let number = u128::from_be_bytes(bytes) & !(0xf << 76) & !(0b11 << 62) | 4 << 76 | 0b10 << 62;
    let hex = format!("{number:032x}");
    let part = |from, to| hex.get(from..to).unwrap_or_default();
    [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_is_of_version_four() {
        let id = uuid();
        let parts: Vec<&str> = id.split('-').collect();
        assert_eq!(parts.iter().map(|part| part.len()).collect::<Vec<_>>(), [8, 4, 4, 4, 12], "{id}");
        assert!(id.split('-').nth(2).is_some_and(|part| part.starts_with('4')), "{id}");
        assert!(id.split('-').nth(3).is_some_and(|part| part.starts_with(['8', '9', 'a', 'b'])), "{id}");
        assert_ne!(uuid(), id);
        assert_eq!(instance(), instance());
    }

    fn get(resource: &Resource, key: &'static str) -> Option<String> {
        resource.get(&opentelemetry::Key::from_static_str(key)).map(|value| value.as_str().into_owned())
    }

    fn of(environment: &str, device_id: bool) -> Resource {
        let attributes = vec![KeyValue::new("deployment.environment", environment.to_owned())];
        let given = Given { attributes, device_id, without_detectors: true, ..Given::default() };
        Described::new(&given, &Read::default()).resource()
    }

    #[test]
    fn the_environment_has_its_new_name_and_one_spelling() {
        assert_eq!(get(&of("Development", false), ENVIRONMENT).as_deref(), Some("dev"));
        assert_eq!(get(&of(" ", false), ENVIRONMENT), None);
    }

    #[test]
    fn the_device_is_told_only_where_it_is_asked_for_and_not_in_production() {
        let known = device::id().map(|id| id.to_string());
        assert_eq!(get(&of("dev", true), "device.id"), known);
        for (environment, asked) in
            [("dev", false), ("PROD", true), ("production", true), ("eu-prod", true), ("", true)]
        {
            assert_eq!(get(&of(environment, asked), "device.id"), None, "{environment}");
        }
    }

    #[test]
    fn datadogs_spelling_is_there_only_with_its_switch() {
        let set = |value: &str| Some(Set::new(value.to_owned(), Source::Variable("DD_GIT_COMMIT_SHA")));
        let vcs = Vcs { url: set("https://h/a"), revision: set("abcdef1") };
        let attribute = KeyValue::new(ENVIRONMENT, "PROD");
        let attributes = vec![Set::new(attribute, Source::Variable("OTEL_RESOURCE_ATTRIBUTES"))];
        for (switch, preset) in [(false, false), (true, false), (false, true)] {
            let read =
                Read { vcs: vcs.clone(), attributes: attributes.clone(), datadog: preset, ..Read::default() };
            let given = Given { datadog: switch, without_detectors: true, ..Given::default() };
            let resource = Described::new(&given, &read).resource();
            assert_eq!(get(&resource, "vcs.ref.head.revision").as_deref(), Some("abcdef1"));
            assert_eq!(get(&resource, "git.commit.sha").is_some(), switch || preset);
            assert_eq!(get(&resource, "git.repository_url").is_some(), switch || preset);
            let old = get(&resource, "deployment.environment");
            assert_eq!(old.as_deref(), preset.then_some("production"));
        }
    }

    #[test]
    fn each_attribute_is_shown_with_who_said_it() {
        let given = Given {
            attributes: vec![KeyValue::new("team", "blue"), KeyValue::new("shop.apiKey", "hunter2")],
            build_info: Some(BuildInfo::new(Some("1.2.3"), None, None)),
            without_detectors: true,
            ..Given::default()
        };
        let named = Set::new("shop".to_owned(), Source::Variable("OTEL_SERVICE_NAME"));
        let read = Read { service_name: Some(named), ..Read::default() };
        let described = Described::new(&given, &read);
        let entries: Vec<_> = described.entries().collect();
        let source = |key: &str| {
            let entry = entries.iter().find(|entry| entry.key() == key)?;
            Some(format!("{} ({})", entry.value(), entry.source()))
        };
        assert_eq!(source("resource.service.name").as_deref(), Some("shop (OTEL_SERVICE_NAME)"));
        assert_eq!(source("resource.service.version").as_deref(), Some("1.2.3 (build info)"));
        assert_eq!(source("resource.team").as_deref(), Some("blue (builder)"));
        assert_eq!(source("resource.shop.apiKey").as_deref(), Some("<hidden> (builder)"));
        assert_eq!(get(&described.resource(), "shop.apiKey").as_deref(), Some("hunter2"), "exported as said");
        assert!(source("resource.service.instance.id").is_some_and(|id| id.ends_with("(default)")));
        let language = source("resource.telemetry.sdk.language");
        assert_eq!(language.as_deref(), Some("rust (detector sdk)"));
    }
}
