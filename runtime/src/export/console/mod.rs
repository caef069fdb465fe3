//! Prints each finished trace as a tree that people read.
//!
//! Spans come in batches, children mostly before their parents. `hold` keeps them until the root of their trace has come,
//! `forest` puts them in the order of the tree, `print` and `detail` lay the lines out, `line` and `text` keep a line within
//! the screen's width and foreign text from being obeyed by the terminal, `style` knows when to use colour.
//!
//! No lock is held while text is laid out. The writer is a user's: it runs under a lock of its own only, and a panic in it
//! leaves the exporter usable.

mod detail;
pub(crate) mod forest;
mod hold;
mod line;
mod print;
#[cfg(test)]
pub(crate) mod samples;
mod style;
#[cfg(test)]
mod tests;
mod text;
mod weight;

use std::fmt;
use std::io::{self, IsTerminal as _, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::trace::{SpanData, SpanExporter};

use hold::{Finished, Hold};
use line::Paper;

pub use style::ColorChoice;
#[cfg(feature = "file")]
pub(crate) use weight::weight;

/// Prints each finished trace as a tree, on standard error unless told otherwise.
///
/// A trace is printed when its root has ended: the span without a parent, or with a parent in another process. What ends
/// after that is printed as a small tree of its own. [`force_flush`](SpanExporter::force_flush) and shutdown print what is
/// left.
///
/// ```
/// # use wirespan::export::{ColorChoice, ConsoleExporter};
/// let exporter = ConsoleExporter::builder().stdout().color(ColorChoice::Never).width(120).build();
/// ```
///
/// # Errors
///
/// Exporting fails with `InternalFailure` when the output cannot be written; the spans concerned are lost. After a shutdown
/// it fails with `AlreadyShutdown`.
pub struct ConsoleExporter {
    paper: Paper,
    hold: Mutex<Hold>,
    output: Mutex<Output>,
    shut_down: AtomicBool,
}

impl ConsoleExporter {
    /// Prints on standard error, in colour when that is a terminal.
    pub fn stderr() -> Self {
        Self::builder().build()
    }

    /// Prints on standard output, in colour when that is a terminal.
    pub fn stdout() -> Self {
        Self::builder().stdout().build()
    }

    /// Where to say more.
    pub fn builder() -> ConsoleBuilder {
        ConsoleBuilder { output: Output::Stderr, color: ColorChoice::Auto, width: None, max_held: MAX_HELD }
    }

    fn print(&self, finished: &[Finished]) -> OTelSdkResult {
        let mut text = String::new();
        for trace in finished {
            print::print(&mut text, self.paper, trace);
        }
        if text.is_empty() {
            return Ok(());
        }
        let mut output = lock(&self.output);
        output.write(text.as_bytes()).map_err(|error| {
            OTelSdkError::InternalFailure(format!("cannot print spans on {}: {error}", output.name()))
        })
    }
}

impl Default for ConsoleExporter {
    fn default() -> Self {
        Self::stderr()
    }
}

impl fmt::Debug for ConsoleExporter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConsoleExporter").field("paper", &self.paper).finish_non_exhaustive()
    }
}

impl SpanExporter for ConsoleExporter {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        // ORDERING: relaxed; the flag guards no other data.
        if self.shut_down.load(Ordering::Relaxed) {
            return Err(OTelSdkError::AlreadyShutdown);
        }
        let finished = lock(&self.hold).add(batch);
        self.print(&finished)
    }

    fn force_flush(&self) -> OTelSdkResult {
        let finished = lock(&self.hold).drain();
        self.print(&finished)
    }

    fn shutdown_with_timeout(&self, _timeout: Duration) -> OTelSdkResult {
        if self.shut_down.swap(true, Ordering::Relaxed) {
            return Err(OTelSdkError::AlreadyShutdown);
        }
        self.force_flush()
    }
}

/// Settings of a [`ConsoleExporter`].
#[must_use = "nothing is printed until `build` makes an exporter of it"]
pub struct ConsoleBuilder {
    output: Output,
    color: ColorChoice,
    width: Option<usize>,
    max_held: usize,
}

impl ConsoleBuilder {
    /// Prints on standard error; the default.
    pub fn stderr(mut self) -> Self {
        self.output = Output::Stderr;
        self
    }

    /// Prints on standard output.
    pub fn stdout(mut self) -> Self {
        self.output = Output::Stdout;
        self
    }

    /// Prints to `writer`, which is no terminal for [`ColorChoice::Auto`]. Each call to it gets whole lines.
    pub fn writer(mut self, writer: impl Write + Send + 'static) -> Self {
        self.output = Output::Writer(Box::new(writer));
        self
    }

    /// When to use colours; [`ColorChoice::Auto`] by default.
    pub fn color(mut self, color: ColorChoice) -> Self {
        self.color = color;
        self
    }

    /// The columns of a line, at least 40; by default what the environment variable `COLUMNS` says, else those of the terminal that
    /// is written to, else 100.
    pub fn width(mut self, columns: usize) -> Self {
        self.width = Some(columns);
        self
    }

    /// How many bytes of spans wait for their root, about; 16 MiB by default. Above that, the trace that has waited longest
    /// is printed incomplete, and says so.
    pub fn max_held(mut self, bytes: usize) -> Self {
        self.max_held = bytes;
        self
    }

    /// The exporter. The environment and the terminal's width are read here, once.
    pub fn build(self) -> ConsoleExporter {
        let env = |name: &str| std::env::var(name).ok();
        let columns =
            || env("COLUMNS").and_then(|columns| columns.trim().parse().ok()).filter(|columns| *columns > 0);
        let width = self.width.or_else(columns).or_else(|| self.output.columns());
        let width = width.unwrap_or(WIDTH).max(MIN_WIDTH);
        let color = self.color.decide(self.output.is_terminal(), env);
        ConsoleExporter {
            paper: Paper { width, color },
            hold: Mutex::new(Hold::new(self.max_held)),
            output: Mutex::new(self.output),
            shut_down: AtomicBool::new(false),
        }
    }
}

impl fmt::Debug for ConsoleBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConsoleBuilder")
            .field("output", &self.output.name())
            .field("color", &self.color)
            .field("width", &self.width)
            .field("max_held", &self.max_held)
            .finish()
    }
}

/// Columns, where nothing says how many.
const WIDTH: usize = 100;
/// Columns below which a tree is no longer one.
const MIN_WIDTH: usize = 40;
/// Bytes.
const MAX_HELD: usize = 16 * 1024 * 1024;

/// Where the text goes.
enum Output {
    Stderr,
    Stdout,
    Writer(Box<dyn Write + Send>),
}

impl Output {
    fn name(&self) -> &'static str {
        match self {
            Self::Stderr => "standard error",
            Self::Stdout => "standard output",
            Self::Writer(_) => "the given writer",
        }
    }

    fn is_terminal(&self) -> bool {
        match self {
            Self::Stderr => io::stderr().is_terminal(),
            Self::Stdout => io::stdout().is_terminal(),
            Self::Writer(_) => false,
        }
    }

    /// The columns of the terminal, where it is one.
    #[cfg(any(unix, windows))]
    fn columns(&self) -> Option<usize> {
        let size = match self {
            Self::Stderr => terminal_size::terminal_size_of(io::stderr()),
            Self::Stdout => terminal_size::terminal_size_of(io::stdout()),
            Self::Writer(_) => None,
        };
        size.map(|(width, _)| usize::from(width.0)).filter(|columns| *columns > 0)
    }

    /// Not known on other systems.
    #[cfg(not(any(unix, windows)))]
    fn columns(&self) -> Option<usize> {
        None
    }

    fn write(&mut self, text: &[u8]) -> io::Result<()> {
        let writer: &mut dyn Write = match self {
            Self::Stderr => &mut io::stderr().lock(),
            Self::Stdout => &mut io::stdout().lock(),
            Self::Writer(writer) => writer,
        };
        writer.write_all(text)?;
        writer.flush()
    }
}

/// What a panic of a user's writer left behind is still whole: it ran outside of our own data.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
