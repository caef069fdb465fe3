//! Where a value of the configuration comes from.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

/// Where a value of the configuration comes from.
///
/// ```
/// use wirespan::Source;
///
/// let config = wirespan::builder().buffer_bytes(1 << 20).config()?;
/// let buffer = config.entry("traces.buffer_bytes").expect("it always has a value");
/// assert_eq!((buffer.value(), buffer.source()), ("1048576", &Source::Builder));
/// # Ok::<(), wirespan::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Source {
    /// Nothing was said.
    Default,
    /// A variable of the environment, by its name.
    Variable(&'static str),
    /// The declarative file.
    #[non_exhaustive]
    File {
        /// The file's path, as `OTEL_CONFIG_FILE` gives it.
        path: Arc<Path>,
        /// The keys that lead to the value, with dots between: `tracer_provider.sampler`.
        pointer: String,
    },
    /// What the surroundings say, by the detector of that name.
    Detector(&'static str),
    /// What was known when the program was built: [`build_info!`](crate::build_info).
    BuildInfo,
    /// A preset, by its name.
    Preset(&'static str),
    /// An option of the [`Builder`](crate::Builder).
    Builder,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::Variable(name) => f.write_str(name),
            Self::File { path, pointer } => write!(f, "{}: {pointer}", path.display()),
            Self::Detector(name) => write!(f, "detector {name}"),
            Self::BuildInfo => f.write_str("build info"),
            Self::Preset(name) => write!(f, "preset {name}"),
            Self::Builder => f.write_str("builder"),
        }
    }
}

/// A value, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Set<T> {
    pub(crate) value: T,
    pub(crate) source: Source,
}

impl<T> Set<T> {
    pub(crate) fn new(value: T, source: Source) -> Self {
        Self { value, source }
    }

    pub(crate) fn by_default(value: T) -> Self {
        Self::new(value, Source::Default)
    }

    pub(crate) fn map<U>(self, change: impl FnOnce(T) -> U) -> Set<U> {
        Set { value: change(self.value), source: self.source }
    }
}

/// What the builder says, else what a variable or the file says, else the default.
pub(crate) fn choose<T>(builder: Option<T>, read: Option<Set<T>>, default: T) -> Set<T> {
    match builder {
        Some(value) => Set::new(value, Source::Builder),
        None => read.unwrap_or(Set::by_default(default)),
    }
}
