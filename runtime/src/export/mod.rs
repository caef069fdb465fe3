//! Where spans go: any `opentelemetry_sdk` [`SpanExporter`](opentelemetry_sdk::trace::SpanExporter), and four of our own.

pub(crate) mod console;
#[cfg(feature = "file")]
mod file;
mod memory;
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
pub(crate) mod otlp;
pub(crate) mod sdk;

use std::time::Duration;

use opentelemetry_sdk::Resource;

use crate::pipeline::batch::Batch;
use crate::recorder::Recorder;
use crate::recorder::control::{End, Request};
use crate::setup::error::Error;
use crate::spool::Spool;

pub use console::{ColorChoice, ConsoleBuilder, ConsoleExporter};
#[cfg(feature = "file")]
pub use file::FileExporter;
pub use memory::{MemoryExporter, attribute};
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
pub use otlp::{Compression, Otlp};

/// Makes an exit, on the drain thread.
pub(crate) type MakeExit = Box<dyn FnOnce(Setting) -> Result<Box<dyn Exit>, Error> + Send>;

/// What an exit is made for.
pub(crate) struct Setting {
    pub(crate) recorder: &'static Recorder,
    pub(crate) resource: Resource,
    /// Spans in a batch at most, where that was set.
    pub(crate) max_spans: Option<u64>,
    /// How long one export may take, where that was set.
    pub(crate) export_timeout: Option<Duration>,
    /// Where requests are kept that cannot be delivered now; read by OTLP alone.
    pub(crate) spool: Option<Spool>,
}

/// Spans that an exporter is given at once, unless set otherwise.
const MAX_SPANS: u64 = 512;

/// What became of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// The exporter has delivered it.
    Delivered,
    /// The exporter has it no more, and has not delivered it.
    Failed,
    /// The exit goes on working on it, and writes into the ledger itself what became of it.
    HandedOver,
}

/// How far a flush got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flushed {
    /// Nothing is left.
    Done,
    /// Something that was acknowledged may not have been delivered.
    Failed,
    /// The exit completes the request itself.
    Later,
}

/// The worker's side of an exporter.
pub(crate) trait Exit: Send {
    /// Whether spans are only counted: then none is completed.
    fn only_counts(&self) -> bool {
        false
    }

    /// Spans in a batch at most, where that was not set.
    fn max_spans(&self) -> u64 {
        MAX_SPANS
    }

    /// Whether there is room for another batch, or, where `spares`, whether another batch is any use now. Without, spans stay where
    /// they are, and the worker is woken when there is.
    fn has_room(&self, spares: bool) -> bool {
        let _ = spares;
        true
    }

    /// Takes the batch; what it leaves there is thrown away.
    fn export(&mut self, batch: &mut Batch) -> Fate;

    /// There was nothing to take for a while.
    fn rest(&mut self) {}

    /// Delivers what the exporter itself still holds.
    fn flush(&mut self, _: Request) -> Flushed {
        Flushed::Done
    }

    /// The last call; returns when all is over, at the latest when nobody waits for it any longer.
    ///
    /// # Errors
    ///
    /// Something that was acknowledged may not have been delivered.
    fn shutdown(&mut self, _: End) -> Result<(), ()> {
        Ok(())
    }
}

/// Acknowledges every span and looks at none: `OTEL_TRACES_EXPORTER=none`.
pub(crate) struct Discard;

impl Exit for Discard {
    fn only_counts(&self) -> bool {
        true
    }

    fn export(&mut self, _: &mut Batch) -> Fate {
        Fate::Delivered
    }
}

/// An exporter that the environment chooses.
#[derive(Debug)]
pub(crate) enum Chosen {
    Console,
    None,
    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    Otlp(Otlp),
}

impl Chosen {
    pub(crate) fn is_otlp(&self) -> bool {
        !matches!(self, Self::Console | Self::None)
    }

    /// As `OTEL_TRACES_EXPORTER` names it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Console => "console",
            Self::None => "none",
            #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
            Self::Otlp(_) => "otlp",
        }
    }

    /// What makes it, on the drain thread.
    pub(crate) fn make(self) -> MakeExit {
        match self {
            Self::Console => sdk::make(ConsoleExporter::stderr),
            Self::None => Box::new(|_| Ok(Box::new(Discard))),
            #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
            Self::Otlp(otlp) => otlp.make(),
        }
    }
}
