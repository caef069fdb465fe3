//! What the surroundings say: host, operating system, process, container, Kubernetes.
//!
//! By the detectors of `opentelemetry-resource-detectors`, of which only the named attributes are taken: the command's arguments may
//! hold secrets. Each runs on a thread of its own, so one that panics or hangs says nothing, and that is all. The host's name is not
//! the crate's: it starts the program `hostname` for that.

use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use opentelemetry::KeyValue;
use opentelemetry_resource_detectors::{
    ContainerResourceDetector, K8sResourceDetector, OsResourceDetector, ProcessResourceDetector,
};
use opentelemetry_sdk::resource::ResourceDetector;

/// How long all of them may take together.
const PATIENCE: Duration = Duration::from_millis(500);

/// A detector's name, itself, and the keys that are taken of what it says.
type Detector = (&'static str, Box<dyn ResourceDetector + Send>, &'static [&'static str]);

/// An attribute, with the name of who found it.
type Found = (&'static str, KeyValue);

/// All attributes that are found in time.
pub(super) fn detected() -> Vec<Found> {
    let mut detectors: Vec<Detector> = vec![
        ("os", Box::new(OsResourceDetector), &["os.type"]),
        (
            "process",
            Box::new(ProcessResourceDetector),
            &[
                "process.pid",
                "process.runtime.name",
                "process.runtime.version",
                "process.runtime.description",
            ],
        ),
        ("container", Box::new(ContainerResourceDetector), &["container.id"]),
    ];
    // The detector takes every HOSTNAME for a pod's.
    if std::env::var_os("KUBERNETES_SERVICE_HOST").is_some() {
        let keys: &[_] = &["k8s.pod.name", "k8s.namespace.name", "k8s.node.name"];
        detectors.push(("kubernetes", Box::new(K8sResourceDetector), keys));
    }
    let mut found = gather(detectors, PATIENCE);
    found.extend(host().into_iter().map(|attribute| ("host", attribute)));
    let executable = std::env::current_exe().ok();
    let name =
        executable.as_ref().and_then(|path| path.file_name()).map(|name| name.to_string_lossy().into_owned());
    found.extend(name.map(|name| ("process", KeyValue::new("process.executable.name", name))));
    found
}

fn gather(detectors: Vec<Detector>, patience: Duration) -> Vec<Found> {
    let until = Instant::now() + patience;
    let start = |(name, detector, keys)| start(detector, keys).map(|answer| (name, answer));
    let started: Vec<_> = detectors.into_iter().filter_map(start).collect();
    let mut found = Vec::new();
    for (name, answer) in started {
        let left = until.saturating_duration_since(Instant::now());
        // An error is a detector that panicked, or has not answered yet and never will be asked again.
        let attributes = answer.recv_timeout(left).unwrap_or_default();
        found.extend(attributes.into_iter().map(|attribute| (name, attribute)));
    }
    found
}

fn start(
    detector: Box<dyn ResourceDetector + Send>,
    keys: &'static [&'static str],
) -> Option<mpsc::Receiver<Vec<KeyValue>>> {
    let (answer, answered) = mpsc::sync_channel(1);
    let thread = thread::Builder::new().name("wirespan-detect".to_owned()).spawn(move || {
        let resource = detector.detect();
        let taken = resource.iter().filter(|(key, _)| keys.contains(&key.as_str()));
        let _ = answer
            .send(taken.map(|(key, value)| tidy(key.as_str(), &value.as_str(), value.clone())).collect());
    });
    thread.is_ok().then_some(answered)
}

/// The conventions' spelling of what is only nearly so.
fn tidy(key: &str, text: &str, value: opentelemetry::Value) -> KeyValue {
    match (key, text) {
        ("os.type", "macos") => KeyValue::new("os.type", "darwin"),
        (_, text) if key.starts_with("k8s.") => KeyValue::new(key.to_owned(), text.trim().to_owned()),
        _ => KeyValue::new(key.to_owned(), value),
    }
}

fn host() -> Vec<KeyValue> {
    let arch = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "arm" => "arm32",
        other => other,
    };
    let mut found = vec![KeyValue::new("host.arch", arch)];
    #[cfg(unix)]
    if let Ok(name) = rustix::system::uname().nodename().to_str() {
        if !name.is_empty() {
            found.push(KeyValue::new("host.name", name.to_owned()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use opentelemetry_sdk::Resource;

    use super::*;

    struct Fixed(fn() -> Resource);

    impl ResourceDetector for Fixed {
        fn detect(&self) -> Resource {
            (self.0)()
        }
    }

    fn good() -> Resource {
        Resource::builder_empty().with_attributes([KeyValue::new("a", 1), KeyValue::new("secret", 2)]).build()
    }

    #[test]
    fn a_detector_that_hangs_or_panics_says_nothing() {
        let hangs = Fixed(|| {
            loop {
                thread::park();
            }
        });
        let panics = Fixed(|| std::panic::resume_unwind(Box::new("detector")));
        let all: Vec<Detector> = vec![
            ("hangs", Box::new(hangs), &["a"]),
            ("panics", Box::new(panics), &["a"]),
            ("good", Box::new(Fixed(good)), &["a"]),
        ];
        let found = gather(all, Duration::from_millis(200));
        assert_eq!(
            found,
            [("good", KeyValue::new("a", 1))],
            "the others' are there, and no key that is not taken"
        );
    }

    #[test]
    fn the_surroundings_are_described_without_the_commands_arguments() {
        let found = detected();
        let keys: Vec<&str> = found.iter().map(|(_, pair)| pair.key.as_str()).collect();
        for key in ["host.arch", "os.type", "process.pid", "process.executable.name", "process.runtime.name"]
        {
            assert!(keys.contains(&key), "{key}: {keys:?}");
        }
        assert!(!keys.iter().any(|key| key.starts_with("process.command")), "{keys:?}");
    }
}
