//! The resource: what describes the program that the spans come from.
//!
//! What the settings have read (`OTEL_RESOURCE_ATTRIBUTES`, the declarative file) counts behind what the builder was given. A service
//! that nobody named has the name of its binary.

use opentelemetry::KeyValue;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::resource::TelemetryResourceDetector;

/// The resource with `attributes`.
pub(super) fn resource(attributes: Vec<KeyValue>) -> Resource {
    let resource = Resource::builder_empty()
        .with_detector(Box::new(TelemetryResourceDetector))
        .with_attributes(attributes)
        .build();
    let unnamed = resource
        .get(&opentelemetry::Key::from_static_str("service.name"))
        .is_none_or(|name| name.as_str().is_empty());
    if !unnamed {
        return resource;
    }
    let binary =
        std::env::current_exe().ok().and_then(|path| Some(path.file_stem()?.to_string_lossy().into_owned()));
    match binary {
        Some(name) => {
            let attributes = resource.iter().map(|(key, value)| KeyValue::new(key.clone(), value.clone()));
            Resource::builder_empty().with_attributes(attributes).with_service_name(name).build()
        }
        None => resource,
    }
}
