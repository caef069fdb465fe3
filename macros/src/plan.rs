//! What will be generated for a traced function, with nothing left to decide.
//!
//! `check` makes a [`Plan`] out of options and signature, or reports why not; `expand` turns it into tokens and cannot fail.

use proc_macro2::{Ident, Span};
use syn::{Expr, Path, Type};

use crate::args::{Cancel, Kind, Level};
use crate::sig::{Func, Held};

/// A traced function, decided.
pub(crate) struct Plan {
    pub(crate) func: Func,
    pub(crate) mode: Mode,
    /// The span's name, if it is not the function's.
    pub(crate) name: Option<String>,
    pub(crate) kind: Kind,
    pub(crate) level: Level,
    pub(crate) ending: Ending,
    pub(crate) cancel: Cancel,
    /// Limits in bytes.
    pub(crate) limits: Limits,
    /// Parameters shown as `<redacted>`.
    pub(crate) redacted: Vec<String>,
    pub(crate) captures: Vec<CapturePlan>,
    pub(crate) fields: Vec<FieldPlan>,
    pub(crate) budget: Option<BudgetPlan>,
    pub(crate) max_future: Option<MaxFuturePlan>,
    /// Whether what is returned is an attribute.
    pub(crate) ret: bool,
    pub(crate) parent: Parent,
    /// Other spans that this one is linked to.
    pub(crate) links: Option<Expr>,
    /// Where the runtime crate is, if not at `::wirespan`.
    pub(crate) krate: Option<Path>,
    /// Whether its calls are measured, and where that is said.
    pub(crate) metrics: Option<Span>,
}

/// Whose child the span is.
pub(crate) enum Parent {
    /// The current span's.
    Current,
    Given(Expr),
    Nobody,
}

/// How the return value decides the span's status.
pub(crate) enum Ending {
    /// By its type.
    Outcome,
    /// Not at all.
    Returned,
    /// By a function of the user's.
    Status(Path),
}

/// Which wrapper the body runs in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Sync,
    Async,
    /// A plain function that returns a future or a stream, which the span covers.
    Future(Held),
    Stream(Held),
}

/// Run-time limits in bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limits {
    pub(crate) max_value: u32,
    pub(crate) max_span: u32,
}

/// A parameter's name that becomes an attribute.
pub(crate) struct CapturePlan {
    /// Which of the function's parameters binds it.
    pub(crate) param: usize,
    pub(crate) ident: Ident,
    pub(crate) show: Show,
    /// The encoded attribute key.
    pub(crate) key: Vec<u8>,
    /// The type, where the name is the whole parameter and the type has a name.
    pub(crate) ty: Option<Type>,
}

/// How a parameter is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Show {
    /// Its value.
    Value,
    /// Its type and ids.
    Excluded,
    /// As `{:?}` prints it.
    Debug,
    /// As it displays.
    Display,
    /// As the JSON that it serializes to.
    Serde,
    /// Its value, which was asked for by name: a type that cannot be shown is an error.
    Named,
}

impl Show {
    /// Whether its type says how.
    pub(crate) fn is_by_type(self) -> bool {
        matches!(self, Self::Value | Self::Named)
    }
}

/// An attribute with a value of the user's choice.
pub(crate) struct FieldPlan {
    pub(crate) name: String,
    pub(crate) key: Vec<u8>,
    pub(crate) expr: Expr,
}

/// The proof that the future is not larger than it may be.
pub(crate) struct MaxFuturePlan {
    pub(crate) bytes: u32,
    /// Where a failed proof is reported.
    pub(crate) span: Span,
}

/// The proof that the span cannot grow over a budget.
pub(crate) struct BudgetPlan {
    pub(crate) bytes: u32,
    /// The most that one value is counted with, in bytes.
    pub(crate) max_value: u32,
    /// Where a failed proof is reported.
    pub(crate) span: Span,
}
