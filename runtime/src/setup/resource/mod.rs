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
    pub(crate) service_name: Option<String>,
    pub(crate) attributes: Vec<KeyValue>,
    pub(crate) vcs: Vcs,
}

/// The resource.
pub(super) fn resource(given: Given, read: Read) -> Resource {
    let mut found: BTreeMap<String, Value> = BTreeMap::new();
    #[cfg(feature = "resource-detectors")]
    if !given.without_detectors {
        found.extend(detect::detected().into_iter().map(pair));
    }
    let telemetry = TelemetryResourceDetector.detect();
    found.extend(telemetry.iter().map(|(key, value)| (key.to_string(), value.clone())));
    let build = given.build_info.unwrap_or_default();
    let vcs = read.vcs.or(build.vcs());
    let text = |key: &str, value: Option<String>| value.map(|value| (key.to_owned(), Value::from(value)));
    found.extend(text("service.name", binary()));
    found.extend(text("service.instance.id", Some(instance())));
    found.extend(text("service.version", build.version().map(str::to_owned)));
    found.extend(text("vcs.repository.url.full", vcs.url));
    found.extend(text("vcs.ref.head.revision", vcs.revision));
    found.extend(read.attributes.into_iter().map(pair));
    found.extend(text("service.name", read.service_name));
    found.extend(given.attributes.into_iter().map(pair));
    // An empty name is none.
    if found.get("service.name").is_some_and(|name| name.as_str().is_empty()) {
        found.extend(text("service.name", binary()));
    }
    settle_environment(&mut found);
    if given.device_id && may_tell_device(&found) {
        found.extend(device::id().map(|id| ("device.id".to_owned(), Value::I64(id))));
    }
    if given.datadog {
        for (theirs, ours) in
            [("git.repository_url", "vcs.repository.url.full"), ("git.commit.sha", "vcs.ref.head.revision")]
        {
            let value = found.get(ours).cloned();
            found.extend(value.map(|value| (theirs.to_owned(), value)));
        }
    }
    let attributes = found.into_iter().map(|(key, value)| KeyValue::new(key, value));
    Resource::builder_empty().with_attributes(attributes).build()
}

fn pair(pair: KeyValue) -> (String, Value) {
    (pair.key.to_string(), pair.value)
}

/// The name of the program's file.
fn binary() -> Option<String> {
    let path = std::env::current_exe().ok()?;
    Some(path.file_stem()?.to_string_lossy().into_owned()).filter(|name| !name.is_empty())
}

/// The environment in its one spelling, also where it has the attribute's old name.
fn settle_environment(found: &mut BTreeMap<String, Value>) {
    let named = found.get(ENVIRONMENT).or_else(|| found.get("deployment.environment"));
    let named = named.map(|name| environment::normalised(&name.as_str()));
    match named {
        None => {}
        Some(None) => {
            found.remove(ENVIRONMENT);
        }
        Some(Some(name)) => {
            found.insert(ENVIRONMENT.to_owned(), name.into());
        }
    }
}

/// Nowhere where it may be production.
fn may_tell_device(found: &BTreeMap<String, Value>) -> bool {
    found.get(ENVIRONMENT).is_some_and(|name| !environment::is_production(&name.as_str()))
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
        resource(
            Given { attributes, device_id, without_detectors: true, ..Given::default() },
            Read::default(),
        )
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
        let vcs = Vcs { url: Some("https://h/a".to_owned()), revision: Some("abcdef1".to_owned()) };
        for datadog in [false, true] {
            let read = Read { vcs: vcs.clone(), ..Read::default() };
            let resource = resource(Given { datadog, without_detectors: true, ..Given::default() }, read);
            assert_eq!(get(&resource, "vcs.ref.head.revision").as_deref(), Some("abcdef1"));
            assert_eq!(get(&resource, "git.commit.sha").is_some(), datadog);
            assert_eq!(get(&resource, "git.repository_url").is_some(), datadog);
        }
    }
}
