//! Which way a value is shown, decided by its type at compile time.
//!
//! A macro does not know types, so it writes `(&&&&&&Value(&x)).record(out, key)` and lets method resolution choose: it tries the
//! receiver with most references first, so the trait implemented for `&&&&&Value<T>` wins where its bound holds, then the one
//! for `&&&&Value<T>`, and so on. An unconstrained generic reaches the last, which shows only the type's name.

use std::fmt::{Debug, Display};
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::attributes::{Attributes, Key};
use super::ids::IdsWriter;
use super::output::FloorCharBoundary;
use super::value::ValueWriter;
use super::{Capture, type_name};

/// A value that is to be recorded.
#[derive(Debug)]
pub struct Value<'a, T: ?Sized>(pub &'a T);

/// A value that is to be shown as type and identifiers only.
#[derive(Debug)]
pub struct Excluded<'a, T: ?Sized>(pub &'a T);

/// A parameter that is to be looked at.
///
/// A reference to it would force it into memory when the function starts, also where nothing is recorded. A copy, made where
/// it is recorded, does not.
#[derive(Debug)]
pub struct Peek<'a, T: ?Sized>(pub &'a T);

/// Numbers, booleans and shared references: what fits in a register or two.
pub trait PeekCopy {
    /// What is looked at.
    type Seen;
    /// The value.
    fn peek(&self) -> Self::Seen;
}

/// All other types.
pub trait PeekReference {
    /// What is looked at.
    type Seen;
    /// The value.
    fn peek(&self) -> Self::Seen;
}

macro_rules! peek_copies {
    ($($type:ty;)+) => {$(
        impl PeekCopy for &Peek<'_, $type> {
            type Seen = $type;

            #[inline(always)]
            fn peek(&self) -> $type {
                *self.0
            }
        }
    )+};
}

peek_copies! {
    i8; i16; i32; i64; isize; u8; u16; u32; u64; usize; f32; f64; bool; char;
    Option<i32>; Option<i64>; Option<u32>; Option<u64>; Option<usize>; Option<f64>; Option<bool>;
}

impl<'r, T: ?Sized> PeekCopy for &Peek<'_, &'r T> {
    type Seen = &'r T;

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "the reference is to vanish")]
    fn peek(&self) -> &'r T {
        self.0
    }
}

impl<'a, T: ?Sized> PeekReference for Peek<'a, T> {
    type Seen = &'a T;

    #[inline]
    fn peek(&self) -> &'a T {
        self.0
    }
}

/// Runs code of a user's; `None` when it panicked.
pub(crate) fn caught<R>(run: impl FnOnce() -> R) -> Option<R> {
    // What `run` borrows is only ever appended to, and its callers truncate what a panic left behind.
    catch_unwind(AssertUnwindSafe(run)).map_err(drop_payload).ok()
}

/// A panic's payload may panic when it is dropped; that must stay here, too.
fn drop_payload(payload: Box<dyn std::any::Any + Send>) {
    if let Err(second) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        #[expect(
            clippy::mem_forget,
            reason = "dropping the payload of a payload's panic could go on for ever"
        )]
        std::mem::forget(second);
    }
}

/// Declares one way of showing a value.
macro_rules! way {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        pub trait $name {
            /// Writes the value as an attribute.
            fn record(&self, out: &mut Attributes<'_>, key: &'static Key) {
                out.attribute(key, |value| self.record_value(value));
            }

            /// Writes the value alone.
            fn record_value(&self, out: &mut ValueWriter<'_>);
        }
    };
}

way! {
    /// Types that implement [`Capture`].
    ViaCapture
}
way! {
    /// `Option`s of types that only implement `Display`: the value itself, or nothing.
    ViaOptionalDisplay
}
way! {
    /// `Option`s of types that only implement `Debug`: the value itself, or nothing.
    ViaOptionalDebug
}
way! {
    /// Types that only implement `Display`.
    ViaDisplay
}
way! {
    /// Types that only implement `Debug`.
    ViaDebug
}
way! {
    /// All other types: their name.
    ViaTypeName
}

impl<T: Capture + ?Sized> ViaCapture for &&&&&Value<'_, T> {
    #[inline]
    fn record(&self, out: &mut Attributes<'_>, key: &'static Key) {
        if let Some(scalar) = self.0.as_scalar() {
            out.scalar(key, scalar);
        } else if let Some(text) = self.0.as_text() {
            out.text(key, text);
        } else {
            out.attribute(key, |value| self.record_value(value));
        }
    }

    #[inline]
    fn record_value(&self, out: &mut ValueWriter<'_>) {
        if T::TRUSTED {
            self.0.capture(out);
            return;
        }
        let depth = out.depth();
        if caught(|| self.0.capture(out)).is_none() {
            out.set_depth(depth);
            out.str(&format!("<capture panicked: {}>", type_name::of::<T>()));
        }
    }
}

macro_rules! optional {
    ($way:ident for $type:ty, $bound:ident, $show:ident; $($refs:tt)+) => {
        impl<T: $bound> $way for $($refs)+ Value<'_, $type> {
            fn record_value(&self, out: &mut ValueWriter<'_>) {
                if let Some(value) = self.0 {
                    out.$show(value);
                }
            }
        }
    };
}

optional!(ViaOptionalDisplay for Option<T>, Display, display; &&&&);
optional!(ViaOptionalDisplay for &Option<T>, Display, display; &&&&);
optional!(ViaOptionalDebug for Option<T>, Debug, debug; &&&);
optional!(ViaOptionalDebug for &Option<T>, Debug, debug; &&&);

impl<T: Display + ?Sized> ViaDisplay for &&Value<'_, T> {
    fn record_value(&self, out: &mut ValueWriter<'_>) {
        out.display(self.0);
    }
}

impl<T: Debug + ?Sized> ViaDebug for &Value<'_, T> {
    fn record_value(&self, out: &mut ValueWriter<'_>) {
        out.debug(self.0);
    }
}

impl<T: ?Sized> ViaTypeName for Value<'_, T> {
    fn record_value(&self, out: &mut ValueWriter<'_>) {
        out.str(&format!("<{}>", type_name::of::<T>()));
    }
}

/// Skipped values whose type says what identifies them.
pub trait ExcludedWithIds {
    /// Writes `<Type (excluded, id=…)>`.
    fn record_excluded(&self, out: &mut Attributes<'_>, key: &'static Key);
}

/// Skipped values of any other type.
pub trait ExcludedPlain {
    /// Writes `<Type (excluded)>`.
    fn record_excluded(&self, out: &mut Attributes<'_>, key: &'static Key);
}

impl<T: Capture + ?Sized> ExcludedWithIds for &Excluded<'_, T> {
    fn record_excluded(&self, out: &mut Attributes<'_>, key: &'static Key) {
        let mut ids = String::new();
        if caught(|| self.0.capture_ids(&mut IdsWriter::new(&mut ids))).is_none() {
            ids.clear();
        }
        excluded::<T>(out, key, &ids);
    }
}

impl<T: ?Sized> ExcludedPlain for Excluded<'_, T> {
    fn record_excluded(&self, out: &mut Attributes<'_>, key: &'static Key) {
        excluded::<T>(out, key, "");
    }
}

/// Bytes of a type's name that are shown of a skipped value: `excluded_bound` counts on it.
const MAX_TYPE_NAME: usize = 256;

fn excluded<T: ?Sized>(out: &mut Attributes<'_>, key: &'static Key, ids: &str) {
    let mut name = type_name::of::<T>();
    name.truncate(name.floor_char_boundary_compat(MAX_TYPE_NAME));
    out.attribute(key, |value| value.str(&format!("<{name} (excluded{ids})>")));
}
