//! Values that the user asked for by name, with `record(a)` or `serde(a)`; and what a policy refuses.
//!
//! Unlike `by_type`, a type that cannot be shown so is a compile error: each way is a trait whose message says what to type,
//! and which the compiler names instead of the bound behind it.

use super::attributes::Attributes;
use super::key::Key;

/// Implemented by nothing: what reaches it cannot be shown.
#[diagnostic::on_unimplemented(
    message = "a value of type `{Self}` is to be recorded and cannot be shown",
    label = "`{Self}` has neither `Capture` nor `Display` nor `Debug`",
    note = "help: write `#[derive(wirespan::Capture)]` or `#[derive(Debug)]` on `{Self}`, or remove what asks for it"
)]
pub trait ShownByName {}

// So that the message names the type itself, whatever references lead to it.
impl<T: ShownByName + ?Sized> ShownByName for &T {}

/// Implemented by nothing: what reaches it has only `Debug`, and the workspace's policy wants more.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has only `Debug`, which `debug_only = \"error\"` in wirespan.toml refuses",
    label = "`{Self}` has neither `Capture` nor `Display`",
    note = "help: write `#[derive(wirespan::Capture)]` on `{Self}`, or `skip` or `debug` for what is recorded of it"
)]
pub trait ShownWithoutDebug {}

// So that the message names the type itself, whatever references lead to it.
impl<T: ShownWithoutDebug + ?Sized> ShownWithoutDebug for &T {}

/// What `serde(a)` shows without the feature `serde`: nothing.
#[cfg(not(feature = "serde"))]
#[diagnostic::on_unimplemented(
    message = "`serde(…)` needs the feature `serde` of `wirespan`",
    label = "this cannot be serialized without it",
    note = "help: write `features = [\"serde\"]` for `wirespan` in Cargo.toml"
)]
pub trait ShownBySerde {}

/// The same call as with the feature.
#[cfg(not(feature = "serde"))]
pub fn show_serde<T: ShownBySerde + ?Sized>(_value: &T, _out: &mut Attributes<'_>, _key: Key) {}

/// What `serde(a)` shows.
#[cfg(feature = "serde")]
#[diagnostic::on_unimplemented(
    message = "`serde` needs a type that is `Serialize`, and `{Self}` is not",
    label = "`{Self}` is not `Serialize`",
    note = "help: write `#[derive(serde::Serialize)]` on `{Self}`, or leave the name out of `serde`"
)]
pub trait ShownBySerde: serde::Serialize {}

#[cfg(feature = "serde")]
#[diagnostic::do_not_recommend]
impl<T: serde::Serialize + ?Sized> ShownBySerde for T {}

/// Writes what the value serializes to.
#[cfg(feature = "serde")]
#[cfg_attr(not(debug_assertions), inline)]
pub fn show_serde<T: ShownBySerde + ?Sized>(value: &T, out: &mut Attributes<'_>, key: Key) {
    out.attribute(key, |out| out.json(value));
}
