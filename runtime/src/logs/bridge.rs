//! From `tracing` to whatever is installed: the layer is made once, and finds the logger of the moment with each record.

use std::borrow::Cow;
use std::mem::ManuallyDrop;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};

use arc_swap::ArcSwapOption;
use opentelemetry::InstrumentationScope;
use opentelemetry::logs::{LogRecord as _, Logger, LoggerProvider, Severity};
use opentelemetry_appender_tracing::layer::OpenTelemetryTracingBridge;
use opentelemetry_sdk::logs::{SdkLogger, SdkLoggerProvider};
use tracing::Subscriber;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::{Layer, Registry};

use super::limits::{Limited, Limits};
use crate::context;

/// The logger that is installed.
static CURRENT: ArcSwapOption<Exported> = ArcSwapOption::const_empty();

/// A logger, and the limits of its records.
pub(super) struct Exported {
    pub(super) logger: SdkLogger,
    pub(super) limits: Limits,
}

/// Whether `tracing`'s global subscriber is the one that `install` has set.
static OURS: AtomicBool = AtomicBool::new(false);

/// Makes records that nobody takes: only a logger can make one.
static NOBODY: LazyLock<SdkLogger> =
    LazyLock::new(|| quietly(|| SdkLoggerProvider::builder().build().logger("wirespan")));

/// Makes parts of the SDK that would measure themselves by the global provider, which says the same by our own counts.
pub(super) fn quietly<R>(f: impl FnOnce() -> R) -> R {
    #[cfg(feature = "metrics")]
    let result = crate::metrics::provider::quietly(f);
    #[cfg(not(feature = "metrics"))]
    let result = f();
    result
}

/// A layer for a `tracing` subscriber of the program's own: its events become log records of whatever is installed at the time.
///
/// ```
/// use tracing_subscriber::layer::SubscriberExt as _;
/// use tracing_subscriber::util::SubscriberInitExt as _;
///
/// tracing_subscriber::registry().with(wirespan::logs::layer()).init();
/// let _telemetry = wirespan::init()?;
/// # Ok::<(), wirespan::Error>(())
/// ```
pub fn layer<S>() -> impl Layer<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    OpenTelemetryTracingBridge::new(&AsInstalled)
}

/// Sets `tracing`'s global subscriber where there is none.
pub(super) fn subscribe(which: Targets) {
    let subscriber = Registry::default().with(layer().with_filter(which));
    if tracing::subscriber::set_global_default(subscriber).is_ok() {
        OURS.store(true, Ordering::Relaxed);
    }
}

/// Whether what is traced reaches nobody but us.
#[cfg(feature = "_otlp")]
pub(crate) fn subscriber_is_ours() -> bool {
    OURS.load(Ordering::Relaxed)
}

/// Records go to this logger from now on.
pub(super) fn replace(logger: Arc<Exported>) {
    CURRENT.store(Some(logger));
}

/// Records go nowhere from now on, unless another logger was installed since.
pub(super) fn remove(logger: &Arc<Exported>) {
    if CURRENT.load().as_ref().is_some_and(|current| Arc::ptr_eq(current, logger)) {
        CURRENT.store(None);
    }
}

/// In the child of a process that forks: records go nowhere. What the parent has is not dropped, since that would take its locks.
#[cfg(unix)]
pub(crate) fn abandon() {
    let _parents = ManuallyDrop::new(CURRENT.swap(None));
}

struct AsInstalled;

impl LoggerProvider for AsInstalled {
    type Logger = Installed;

    fn logger_with_scope(&self, _: InstrumentationScope) -> Installed {
        Installed
    }

    fn logger(&self, _: impl Into<Cow<'static, str>>) -> Installed {
        Installed
    }
}

/// The logger of whatever is installed.
struct Installed;

impl Logger for Installed {
    type LogRecord = Limited;

    fn create_log_record(&self) -> Limited {
        let limits = CURRENT.load().as_ref().map_or_else(Limits::default, |current| current.limits);
        Limited::new(NOBODY.create_log_record(), limits)
    }

    fn emit(&self, mut record: Limited) {
        if let Some(current) = &*CURRENT.load() {
            context::for_logs(|attributes| {
                for attribute in attributes {
                    record.add_attribute(attribute.key.clone(), any(&attribute.value));
                }
            });
            current.logger.emit(record.into_record());
        }
    }

    fn event_enabled(&self, level: Severity, target: &str, name: Option<&str>) -> bool {
        CURRENT.load().as_ref().is_some_and(|current| current.logger.event_enabled(level, target, name))
    }
}

/// The value as logs have it.
fn any(value: &opentelemetry::Value) -> opentelemetry::logs::AnyValue {
    use opentelemetry::Value;
    match value {
        Value::Bool(value) => (*value).into(),
        Value::I64(value) => (*value).into(),
        Value::F64(value) => (*value).into(),
        other => other.to_string().into(),
    }
}
