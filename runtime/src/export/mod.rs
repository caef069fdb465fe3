//! Where spans go: any `opentelemetry_sdk` [`SpanExporter`](opentelemetry_sdk::trace::SpanExporter), and four of our own.

pub(crate) mod console;
#[cfg(feature = "file")]
mod file;
mod memory;
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
pub(crate) mod otlp;
pub(crate) mod sdk;

use opentelemetry_sdk::Resource;

use crate::pipeline::batch::Batch;
use crate::setup::error::Error;

pub use console::{ColorChoice, ConsoleBuilder, ConsoleExporter};
#[cfg(feature = "file")]
pub use file::FileExporter;
pub use memory::{MemoryExporter, attribute};

/// Makes an exit, on the drain thread.
pub(crate) type MakeExit = Box<dyn FnOnce(&Resource) -> Result<Box<dyn Exit>, Error> + Send>;

/// The worker's side of an exporter.
pub(crate) trait Exit: Send {
    /// Whether spans are only counted: then none is completed.
    fn only_counts(&self) -> bool {
        false
    }

    /// Delivers the batch.
    ///
    /// # Errors
    ///
    /// None of it counts as delivered.
    fn export(&mut self, batch: &Batch) -> Result<(), ()>;

    /// Delivers what the exporter itself still holds.
    ///
    /// # Errors
    ///
    /// Something that was acknowledged may not have been delivered.
    fn flush(&mut self) -> Result<(), ()> {
        Ok(())
    }

    /// The last call.
    ///
    /// # Errors
    ///
    /// As for [`flush`](Self::flush).
    fn shutdown(&mut self) -> Result<(), ()> {
        Ok(())
    }
}

/// Acknowledges every span and looks at none: `OTEL_TRACES_EXPORTER=none`.
pub(crate) struct Discard;

impl Exit for Discard {
    fn only_counts(&self) -> bool {
        true
    }

    fn export(&mut self, _: &Batch) -> Result<(), ()> {
        Ok(())
    }
}

/// An exporter that the environment chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Chosen {
    Console,
    None,
    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    Otlp(otlp::Protocol),
}

impl Chosen {
    /// What makes it, on the drain thread.
    pub(crate) fn make(self) -> MakeExit {
        Box::new(move |resource| match self {
            Self::Console => {
                Ok(Box::new(sdk::SdkExit::new(|| Ok::<_, Error>(ConsoleExporter::stderr()), resource)?))
            }
            Self::None => Ok(Box::new(Discard)),
            #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
            Self::Otlp(protocol) => Ok(Box::new(sdk::SdkExit::new(|| protocol.exporter(), resource)?)),
        })
    }
}
