//! Turning values into attributes: borrowed, typed, and within a budget of bytes.
//!
//! [`Capture`] is what a type implements (mostly by `#[derive(Capture)]`) to say how it shows itself. Types without it are
//! shown through `Display`, else `Debug`, else by their name: which one is decided at compile time (`by_type`).

mod attributes;
pub(crate) mod bound;
pub(crate) mod buffer;
pub(crate) mod by_name;
pub(crate) mod by_type;
mod caught;
#[cfg(feature = "metrics")]
pub(crate) mod counts;
mod ids;
mod impls;
mod impls_std;
#[cfg(feature = "serde")]
mod json;
pub(crate) mod key;
pub(crate) mod output;
mod secret;
pub(crate) mod secret_name;
pub(crate) mod session;
pub(crate) mod type_name;
pub(crate) mod value;

use std::fmt;

pub use attributes::Attributes;
pub(crate) use attributes::Scalar;
pub use ids::IdsWriter;
pub use key::Key;
pub use secret::Secret;
pub use value::{ListWriter, ValueWriter};

/// How a type shows itself in telemetry.
///
/// Implement it with `#[derive(Capture)]`; the field options are `skip` (nothing), `id` (recorded, and shown also where the
/// whole value is skipped), `redact` (`<redacted>`), `len` (a collection's length), `display` and `debug`.
///
/// ```
/// use wirespan::Capture;
///
/// #[derive(Capture)]
/// struct Job {
///     #[capture(id)]
///     id: u64,
///     title: String,
///     #[capture(redact)]
///     api_key: String,
///     #[capture(len)]
///     steps: Vec<String>,
/// }
/// ```
///
/// A `Job` in a parameter `job` becomes the attributes `parameter.job.id` (integer), `parameter.job.title` (string),
/// `parameter.job.api_key` (`<redacted>`) and `parameter.job.steps` (integer).
///
/// # Panics
///
/// An implementation may panic: the attribute is then `<capture panicked: Type>`, and nothing else changes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say how it shows itself in telemetry",
    label = "`Capture` is not implemented for `{Self}`",
    note = "help: write `#[derive(wirespan::Capture)]` on `{Self}`, or `#[capture(debug)]` or `#[capture(skip)]` on the field"
)]
pub trait Capture {
    /// The most bytes that the value can take as an encoded OTLP `AnyValue`; `usize::MAX` when only the limits bound it.
    /// `#[traced(budget = "…")]` adds these up at compile time.
    const MAX_ENCODED: usize = usize::MAX;

    /// Whether `capture` runs no code of a user's, so that nothing has to be caught around it.
    #[doc(hidden)]
    const TRUSTED: bool = false;

    /// Writes the value; writing nothing leaves the attribute out.
    fn capture(&self, out: &mut ValueWriter<'_>);

    /// The value, for types that are a number or a boolean. Which it is, is decided when compiling.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline)]
    fn as_scalar(&self) -> Option<Scalar> {
        None
    }

    /// The text, for types that are one.
    #[doc(hidden)]
    #[cfg_attr(not(debug_assertions), inline)]
    fn as_text(&self) -> Option<&str> {
        None
    }

    /// What identifies the value where it is skipped: `<Job (excluded, id=7)>`.
    fn capture_id(&self) -> Option<&dyn fmt::Display> {
        None
    }

    /// The identifiers of what a collection holds.
    #[doc(hidden)]
    fn capture_ids(&self, ids: &mut IdsWriter<'_>) {
        if let Some(id) = self.capture_id() {
            ids.one(id);
        }
    }
}
