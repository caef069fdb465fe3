//! The builder's options about the resource.

use opentelemetry::KeyValue;

use super::Builder;
use crate::setup::resource::BuildInfo;

impl Builder {
    /// Names the service (`service.name`). Default: `OTEL_SERVICE_NAME`, else the binary's name.
    pub fn service_name(self, name: impl Into<String>) -> Self {
        self.resource_attribute(KeyValue::new("service.name", name.into()))
    }

    /// The service's version (`service.version`). Default: what `OTEL_RESOURCE_ATTRIBUTES` says, else [`build_info`](Self::build_info)'s.
    pub fn service_version(self, version: impl Into<String>) -> Self {
        self.resource_attribute(KeyValue::new("service.version", version.into()))
    }

    /// What tells this process from others of the service (`service.instance.id`). Default: what `OTEL_RESOURCE_ATTRIBUTES` says, else
    /// a random UUID.
    pub fn service_instance_id(self, id: impl Into<String>) -> Self {
        self.resource_attribute(KeyValue::new("service.instance.id", id.into()))
    }

    /// Where the service runs (`deployment.environment.name`), in one spelling: `DEV` and `development` are `dev`, `PROD` is
    /// `production`, everything else is written in lower case. Default: what `OTEL_RESOURCE_ATTRIBUTES` says.
    pub fn deployment_environment(self, name: impl Into<String>) -> Self {
        self.resource_attribute(KeyValue::new("deployment.environment.name", name.into()))
    }

    /// What the program was made of: the version of its crate, and the repository and revision that its build script has told. It counts
    /// after the variables.
    ///
    /// ```
    /// let builder = wirespan::builder().build_info(wirespan::build_info!());
    /// # let _ = builder;
    /// ```
    pub fn build_info(mut self, info: BuildInfo) -> Self {
        self.resource.build_info = Some(info);
        self
    }

    /// Adds an attribute to the resource; it counts before the same one in `OTEL_RESOURCE_ATTRIBUTES`.
    pub fn resource_attribute(mut self, attribute: KeyValue) -> Self {
        self.resource.attributes.push(attribute);
        self
    }

    /// Whether host, operating system, process, container and Kubernetes are described. The command's arguments never are. Default:
    /// `true`, with the feature `resource-detectors`.
    pub fn detect_resource(mut self, detect: bool) -> Self {
        self.resource.without_detectors = !detect;
        self
    }

    /// Whether the resource has `device.id`: the address of the first network device, as a number (Linux). Never in production, nor where
    /// no environment is named. Default: `false`.
    pub fn device_id(mut self, tell: bool) -> Self {
        self.resource.device_id = tell;
        self
    }

    /// Whether the resource says the repository and the revision in Datadog's spelling, too (`git.repository_url`, `git.commit.sha`).
    /// Default: `false`.
    pub fn datadog_git_attributes(mut self, add: bool) -> Self {
        self.resource.datadog = add;
        self
    }
}
