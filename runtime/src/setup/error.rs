//! The one error type of this crate. What went wrong is asked by `is_*`, read in `Display`, followed in `source()`.

use std::error::Error as StdError;
use std::fmt;

use super::stats::Report;

/// Why telemetry could not be set up, or not everything was delivered.
///
/// No value of a header, a credential or a parameter ever stands in it.
pub struct Error(Box<Kind>);

/// What happened.
#[derive(Debug)]
pub(crate) enum Kind {
    AlreadyInstalled,
    Variable {
        name: &'static str,
        value: String,
        expected: String,
    },
    /// A variable that must be set is not.
    Unset {
        name: &'static str,
        expected: String,
    },
    #[cfg(feature = "config-file")]
    File {
        path: std::path::PathBuf,
        line: Option<usize>,
        problem: String,
    },
    MissingFeature {
        protocol: &'static str,
        feature: &'static str,
    },
    Exporter(Box<dyn StdError + Send + Sync>),
    Option {
        name: &'static str,
        problem: String,
    },
    Thread(std::io::Error),
    Lost(Report),
    TimedOut(Report),
    NotFlushed(Report),
    /// Another signal than spans was not delivered; without a cause, in time.
    Signal {
        name: &'static str,
        cause: Option<String>,
        report: Report,
    },
}

impl Error {
    pub(crate) fn new(kind: Kind) -> Self {
        Self(Box::new(kind))
    }

    /// Telemetry is installed in this process already.
    pub fn is_already_installed(&self) -> bool {
        matches!(*self.0, Kind::AlreadyInstalled)
    }

    /// A variable of the environment, the declarative file, or an option of the builder, has a value that cannot be used.
    pub fn is_configuration(&self) -> bool {
        #[cfg(feature = "config-file")]
        if matches!(*self.0, Kind::File { .. }) {
            return true;
        }
        matches!(
            *self.0,
            Kind::Variable { .. }
                | Kind::Unset { .. }
                | Kind::Option { .. }
                | Kind::MissingFeature { .. }
                | Kind::Exporter(_)
        )
    }

    /// Spans were lost; [`report`](Self::report) says how many and why.
    pub fn is_loss(&self) -> bool {
        self.report().is_some_and(|report| report.lost() > 0)
    }

    /// The time was over before everything was delivered.
    pub fn is_timeout(&self) -> bool {
        matches!(*self.0, Kind::TimedOut(_) | Kind::Signal { cause: None, .. })
    }

    /// What was delivered, dropped and pending, after a flush or a shutdown.
    pub fn report(&self) -> Option<&Report> {
        match &*self.0 {
            Kind::Lost(report)
            | Kind::TimedOut(report)
            | Kind::NotFlushed(report)
            | Kind::Signal { report, .. } => Some(report),
            _ => None,
        }
    }
}

impl From<std::io::Error> for Error {
    fn from(cause: std::io::Error) -> Self {
        Self::new(Kind::Thread(cause))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Kind::AlreadyInstalled => f.write_str(
                "telemetry is already installed in this process; keep the first `Telemetry` and drop it before you install another",
            ),
            #[cfg(feature = "config-file")]
            Kind::File { path, line: Some(line), problem } => write!(f, "{}:{line}: {problem}", path.display()),
            #[cfg(feature = "config-file")]
            Kind::File { path, line: None, problem } => write!(f, "{} {problem}", path.display()),
            Kind::Variable { name, value, expected } => write!(f, "{name} is `{value}`; expected {expected}"),
            Kind::Unset { name, expected } => write!(f, "{name} is not set; expected {expected}"),
            Kind::MissingFeature { protocol, feature } => {
                write!(f, "OTLP over {protocol} needs the feature `{feature}` of the crate `wirespan`")
            }
            Kind::Exporter(_) => f.write_str("the exporter could not be set up"),
            Kind::Option { name, problem } => write!(f, "`{name}` {problem}"),
            Kind::Thread(_) => f.write_str("the drain thread could not be started"),
            Kind::Lost(report) => write!(f, "spans were lost: {report}"),
            Kind::NotFlushed(report) => {
                write!(f, "the exporter could not flush what it had acknowledged: {report}")
            }
            Kind::Signal { name, cause: Some(cause), report } => {
                write!(f, "{name} were not delivered: {cause}; spans: {report}")
            }
            Kind::Signal { name, cause: None, report } => {
                write!(f, "the time was over before {name} were delivered; spans: {report}")
            }
            Kind::TimedOut(report) => write!(f, "the time was over before everything was delivered: {report}"),
        }
    }
}

/// As `Display`, with the causes: what `main` prints when it returns this error.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")?;
        let mut cause = self.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &*self.0 {
            Kind::Exporter(cause) => Some(&**cause),
            Kind::Thread(cause) => Some(cause),
            _ => None,
        }
    }
}
