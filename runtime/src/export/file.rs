//! Writes spans to a file as OTLP-JSON lines.
//!
//! Each line is one `ExportTraceServiceRequest` in the encoding of
//! <https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding>: what the Collector's `file` exporter writes and its
//! `otlpjsonfile` receiver reads. That receiver splits lines above 1 MiB unless its `max_log_size` says otherwise, so a batch
//! becomes several lines before it gets there; a single span above that is a line all the same.
//!
//! A line is written with one call, so that no reader sees half of one from us, and two processes that append to one file
//! do not mix (on systems where an append is one operation). After a failed write the next line starts on a fresh one.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value};
use opentelemetry_proto::tonic::trace::v1::ResourceSpans;
use opentelemetry_proto::transform::common::tonic::ResourceAttributesWithSchema;
use opentelemetry_proto::transform::trace::tonic::group_spans_by_resource_and_scope;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::trace::{SpanData, SpanExporter};

use super::console::weight;

/// Writes spans to a file as OTLP-JSON lines.
///
/// The Collector reads it with its `otlpjsonfile` receiver:
///
/// ```yaml
/// receivers:
///   otlpjsonfile:
///     include: [/var/log/service/spans.jsonl]
/// ```
///
/// ```
/// # use wirespan::export::FileExporter;
/// # let path = std::env::temp_dir().join("wirespan-doc.jsonl");
/// let exporter = FileExporter::append(&path)?;
/// # std::fs::remove_file(path)?;
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
///
/// Exporting fails with `InternalFailure`, naming the path, when a line cannot be written; after a shutdown it fails with
/// `AlreadyShutdown`.
pub struct FileExporter {
    path: PathBuf,
    resource: ResourceAttributesWithSchema,
    file: Mutex<Target>,
}

/// The file, until the shutdown.
struct Target {
    file: Option<File>,
    /// A write failed, perhaps in the middle of a line.
    torn: bool,
}

impl FileExporter {
    /// Writes to a new file at `path`; what an old one held is gone.
    ///
    /// # Errors
    ///
    /// When the file cannot be opened for writing; the message names the path.
    pub fn create(path: impl AsRef<Path>) -> io::Result<Self> {
        Self::open(path.as_ref(), OpenOptions::new().write(true).truncate(true))?;
        // Appending goes on at the right place when someone else cuts the file, as log rotation does.
        Self::append(path)
    }

    /// Writes to the end of the file at `path`, which is made if it does not exist.
    ///
    /// # Errors
    ///
    /// When the file cannot be opened for writing; the message names the path.
    pub fn append(path: impl AsRef<Path>) -> io::Result<Self> {
        Self::open(path.as_ref(), OpenOptions::new().append(true))
    }

    fn open(path: &Path, options: &mut OpenOptions) -> io::Result<Self> {
        let file = options.create(true).open(path).map_err(|error| {
            io::Error::new(error.kind(), format!("cannot open {} to write spans: {error}", path.display()))
        })?;
        Ok(Self {
            path: path.to_owned(),
            resource: ResourceAttributesWithSchema::default(),
            file: Mutex::new(Target { file: Some(file), torn: false }),
        })
    }

    /// Runs `work` on the file; an error is told with the path.
    fn with_file(&self, work: impl FnOnce(&mut File, &mut bool) -> io::Result<()>) -> OTelSdkResult {
        let mut target = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let Target { file: Some(file), torn } = &mut *target else {
            return Err(OTelSdkError::AlreadyShutdown);
        };
        work(file, torn).map_err(|error| {
            OTelSdkError::InternalFailure(format!("cannot write spans to {}: {error}", self.path.display()))
        })
    }
}

impl fmt::Debug for FileExporter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileExporter").field("path", &self.path).finish_non_exhaustive()
    }
}

impl SpanExporter for FileExporter {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        for part in parts(batch) {
            let request = ExportTraceServiceRequest {
                resource_spans: group_spans_by_resource_and_scope(part, &self.resource),
            };
            let line = json_line(&request).map_err(|error| {
                OTelSdkError::InternalFailure(format!("cannot write spans as JSON: {error}"))
            })?;
            self.with_file(|file, torn| {
                if *torn {
                    file.write_all(b"\n")?;
                }
                *torn = true;
                file.write_all(&line)?;
                *torn = false;
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Waits until the system has written the file to its disk.
    fn force_flush(&self) -> OTelSdkResult {
        self.with_file(|file, _| match file.sync_data() {
            // A pipe or a device has no disk to wait for.
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(()),
            result => result,
        })
    }

    fn shutdown_with_timeout(&self, _timeout: Duration) -> OTelSdkResult {
        let flushed = self.force_flush();
        self.file.lock().unwrap_or_else(PoisonError::into_inner).file = None;
        flushed
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.resource = resource.into();
    }
}

/// About how many bytes of spans go on one line: far from the 1 MiB, since JSON with its keys and escapes takes more.
const LINE: usize = 256 * 1024;

/// Cuts a batch into parts that make a line of a sensible size each.
fn parts(batch: Vec<SpanData>) -> Vec<Vec<SpanData>> {
    let mut parts: Vec<Vec<SpanData>> = Vec::new();
    let mut room = 0;
    for span in batch {
        let bytes = weight(&span);
        match parts.last_mut() {
            Some(part) if bytes <= room => part.push(span),
            _ => {
                room = LINE;
                parts.push(vec![span]);
            }
        }
        room = room.saturating_sub(bytes);
    }
    parts
}

/// The JSON text that OTLP wants, with its line break.
///
/// `opentelemetry-proto` 0.33 encodes ids, numbers and enums as the specification says, except for one thing: JSON has no
/// number for infinities and NaN, so they come out as `null`, where protobuf's JSON mapping has `"Infinity"`, `"-Infinity"` and
/// `"NaN"`. Inside a JSON string a quote is escaped, so these bytes occur nowhere else, and in the order of the values.
fn json_line(request: &ExportTraceServiceRequest) -> serde_json::Result<Vec<u8>> {
    const NULL: &[u8] = br#"{"doubleValue":null}"#;

    let mut json = serde_json::to_vec(request)?;
    let names = non_finite(&request.resource_spans);
    if !names.is_empty() {
        let mut fixed = Vec::with_capacity(json.len() + names.len() * 8);
        let mut rest = json.as_slice();
        for name in names {
            let Some(at) = rest.windows(NULL.len()).position(|bytes| bytes == NULL) else { break };
            let (before, after) = rest.split_at(at);
            fixed.extend_from_slice(before);
            fixed.extend_from_slice(format!(r#"{{"doubleValue":"{name}"}}"#).as_bytes());
            rest = after.get(NULL.len()..).unwrap_or_default();
        }
        fixed.extend_from_slice(rest);
        json = fixed;
    }
    json.push(b'\n');
    Ok(json)
}

/// The numbers that JSON has no form for, in the order in which they are encoded.
fn non_finite(resource_spans: &[ResourceSpans]) -> Vec<&'static str> {
    let mut names = Vec::new();
    for resource in resource_spans {
        collect(&mut names, resource.resource.iter().flat_map(|resource| &resource.attributes));
        for scope in &resource.scope_spans {
            collect(&mut names, scope.scope.iter().flat_map(|scope| &scope.attributes));
            for span in &scope.spans {
                collect(&mut names, &span.attributes);
                collect(&mut names, span.events.iter().flat_map(|event| &event.attributes));
                collect(&mut names, span.links.iter().flat_map(|link| &link.attributes));
            }
        }
    }
    names
}

fn collect<'a>(names: &mut Vec<&'static str>, attributes: impl IntoIterator<Item = &'a KeyValue>) {
    // An attribute is a number or a list of numbers: SpanData has no deeper values.
    let mut see = |value: &AnyValue| match value.value {
        Some(any_value::Value::DoubleValue(number)) if number.is_nan() => names.push("NaN"),
        Some(any_value::Value::DoubleValue(f64::INFINITY)) => names.push("Infinity"),
        Some(any_value::Value::DoubleValue(f64::NEG_INFINITY)) => names.push("-Infinity"),
        _ => {}
    };
    for value in attributes.into_iter().filter_map(|pair| pair.value.as_ref()) {
        if let Some(any_value::Value::ArrayValue(list)) = &value.value {
            list.values.iter().for_each(&mut see);
        } else {
            see(value);
        }
    }
}

#[cfg(test)]
mod tests;
