//! Call sites: everything about a traced function that is known at compile time.
//!
//! The macro emits one `static` [`Callsite`] for each function. A record carries its address, and the drain thread adds name,
//! kind, code location and scope from it. What a generic function's concrete type is called is known only per instance: that is
//! the [`Subject`].

mod list;
mod names;
mod parameters;
pub(crate) mod registry;

use std::sync::atomic::AtomicU32;

use opentelemetry::KeyValue;
use opentelemetry::trace::SpanKind;

use crate::capture::output::Limits;
use crate::filter::Level;
use crate::measure::Site;

pub use list::{Callsites, callsites};
pub(crate) use names::Names;
pub use parameters::{Parameter, Shown};

/// The name of a type, as a function: eight bytes in a record instead of a string.
pub type Subject = fn() -> &'static str;

/// Where a traced function stands in the source.
#[derive(Debug)]
pub struct Source {
    /// The function's name.
    pub function: &'static str,
    /// `module_path!()`.
    pub module: &'static str,
    /// `file!()`.
    pub file: &'static str,
    /// The line of the function's name.
    pub line: u32,
    /// The package, where cargo says it.
    pub package: Option<&'static str>,
    /// The package's version, where cargo says it.
    pub version: Option<&'static str>,
}

/// How a traced function is to be recorded: the attribute's options, resolved.
#[derive(Debug)]
pub struct Options {
    /// The span's name, when the attribute gives one.
    pub name: Option<&'static str>,
    /// The span's kind.
    pub kind: Kind,
    /// What a filter goes by.
    pub level: Level,
    /// Whether the function has a `self` parameter; the subject is then `Self`, otherwise a closure in the body.
    pub receiver: bool,
    /// What becomes of each parameter and field, as the macro encodes it; [`Parameter`] reads it.
    pub parameters: &'static str,
    /// Bytes that one value may take.
    pub(crate) limits: Limits,
    /// Bytes that all values may take together.
    pub max_span: u32,
    /// The status of a cancelled span.
    pub cancel: Cancel,
}

/// OpenTelemetry's span kinds, with OTLP's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Work inside the service.
    Internal = 1,
    /// Handles a request from outside.
    Server = 2,
    /// Makes a request and waits for the answer.
    Client = 3,
    /// Sends a message that is handled later.
    Producer = 4,
    /// Handles a message.
    Consumer = 5,
}

/// The status of a cancelled span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cancel {
    /// None: a caller that goes away is no error of the callee.
    Unset,
    /// `ERROR`.
    Error,
}

/// A traced function, as its attribute and the compiler describe it. [`callsites`](crate::callsites) lists them.
#[derive(Debug)]
pub struct Callsite {
    pub(crate) source: Source,
    pub(crate) options: Options,
    /// Bytes that captured attributes may take: the span's budget, less what its ending and a notice need.
    pub(crate) attribute_bytes: usize,
    /// What the filter decided, with the number of the filter that did: see [`Gate`](crate::filter::Gate).
    pub(crate) decision: AtomicU32,
    /// What is measured of its calls, where it is.
    pub(crate) measured: Option<&'static Site>,
}

/// Kept free for what the span's ending adds: the status and the event of an error.
const RESERVED: usize = 1024;
/// Room for the attributes that say what was left out.
const NOTICE: usize = 256;

/// Bytes that one value may take, and all of a span: what the macros take for granted where nothing else is said.
const MAX_VALUE: u32 = 2 * 1024 * 1024;
const MAX_SPAN: u32 = 4 * 1024 * 1024;

/// What is left of a span's budget for what is captured.
const fn attribute_bytes(max_span: u32) -> usize {
    let max_span = max_span as usize;
    let reserved = if max_span >= 4 * RESERVED { RESERVED + NOTICE } else { 0 };
    max_span - reserved
}

impl Callsite {
    /// A call site with all options at their defaults; called in the initialiser of a `static`. Arguments and not structs: each
    /// expression there costs the compiler time, a thousand times in a large program.
    #[doc(hidden)]
    pub const fn plain(
        function: &'static str,
        module: &'static str,
        file: &'static str,
        line: u32,
        package: Option<&'static str>,
        version: Option<&'static str>,
        parameters: &'static str,
    ) -> Self {
        let options = Options {
            name: None,
            kind: Kind::Internal,
            level: Level::Info,
            receiver: false,
            parameters,
            limits: Limits::of_record(MAX_VALUE),
            max_span: MAX_SPAN,
            cancel: Cancel::Unset,
        };
        Self::new(Source { function, module, file, line, package, version }, options)
    }

    /// The same with all options.
    pub(crate) const fn new(source: Source, options: Options) -> Self {
        let attribute_bytes = attribute_bytes(options.max_span);
        Self { source, options, attribute_bytes, decision: AtomicU32::new(0), measured: None }
    }

    /// With a name of its own.
    #[doc(hidden)]
    #[must_use]
    pub const fn named(mut self, name: &'static str) -> Self {
        self.options.name = Some(name);
        self
    }

    /// Of a function with a receiver.
    #[doc(hidden)]
    #[must_use]
    pub const fn with_receiver(mut self) -> Self {
        self.options.receiver = true;
        self
    }

    /// With another kind.
    #[doc(hidden)]
    #[must_use]
    pub const fn of_kind(mut self, kind: Kind) -> Self {
        self.options.kind = kind;
        self
    }

    /// With another level.
    #[doc(hidden)]
    #[must_use]
    pub const fn at_level(mut self, level: Level) -> Self {
        self.options.level = level;
        self
    }

    /// With other limits, in bytes.
    #[doc(hidden)]
    #[must_use]
    pub const fn limited(mut self, max_value: u32, max_span: u32) -> Self {
        self.options.limits = Limits::of_record(max_value);
        self.options.max_span = max_span;
        self.attribute_bytes = attribute_bytes(max_span);
        self
    }

    /// A future of it that is dropped before its end has failed.
    #[doc(hidden)]
    #[must_use]
    pub const fn cancelled_is_error(mut self) -> Self {
        self.options.cancel = Cancel::Error;
        self
    }

    /// One whose calls are measured.
    #[doc(hidden)]
    #[must_use]
    pub const fn measured(mut self, site: &'static Site) -> Self {
        self.measured = Some(site);
        self
    }

    /// The span's name where the attribute gives one, else the function's: a method's span is `Type::method` at run time.
    pub fn name(&self) -> &'static str {
        self.options.name.unwrap_or(self.source.function)
    }

    /// The function's name; empty for a `span!`.
    pub fn function(&self) -> &'static str {
        self.source.function
    }

    /// The path of the module that the function stands in.
    pub fn module(&self) -> &'static str {
        self.source.module
    }

    /// The source file, as the compiler was given it.
    pub fn file(&self) -> &'static str {
        self.source.file
    }

    /// The line of the function's name, from 1.
    pub fn line(&self) -> u32 {
        self.source.line
    }

    /// The package, where it was built by cargo.
    pub fn package(&self) -> Option<&'static str> {
        self.source.package
    }

    /// The span's kind.
    pub fn kind(&self) -> SpanKind {
        crate::sample::span_kind(self.options.kind)
    }

    /// What a filter goes by.
    pub fn level(&self) -> Level {
        self.options.level
    }

    /// The parameters in declared order, then the fields.
    pub fn parameters(&self) -> impl Iterator<Item = Parameter> + use<> {
        parameters::read(self.options.parameters)
    }

    /// The fields whose values stand in the source: what is known of them before anything is captured.
    pub(crate) fn literals(&self) -> impl Iterator<Item = KeyValue> + use<> {
        parameters::literals(self.options.parameters)
    }

    /// Bytes that one value may take.
    pub fn max_value(&self) -> usize {
        self.options.limits.value as usize
    }

    /// Bytes that all attributes of a span may take together.
    pub fn max_span(&self) -> usize {
        self.options.max_span as usize
    }

    /// The package's name, else the crate's.
    pub(crate) fn scope(&self) -> &'static str {
        let module = self.source.module;
        self.source.package.unwrap_or_else(|| module.split_once("::").map_or(module, |(first, _)| first))
    }

    /// The span's name and the function's qualified name, for the instance that `subject` stands for.
    pub(crate) fn names(&self, subject: Subject) -> Names {
        let mut names = if self.source.function.is_empty() {
            // A span by hand: the function around it is the one whose closure is the subject.
            Names::of_enclosing(subject(), self.source.module)
        } else if self.options.receiver {
            Names::of_method(subject(), self.source.function)
        } else {
            Names::of_body(subject(), self.source.module, self.source.function)
        };
        if let Some(name) = self.options.name {
            name.clone_into(&mut names.span);
        }
        names
    }
}
