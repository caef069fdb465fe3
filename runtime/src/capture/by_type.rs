//! Which way a value is shown, decided by its type at compile time.
//!
//! A macro does not know types, so it writes `Value { of: &x }.record(out, key)` and lets method resolution choose. Each way is a
//! type that dereferences to the next one, with a method only where its bound holds: what implements `Capture` stops at the
//! first, an unconstrained generic reaches the last, which shows only the type's name. The methods are inherent ones: no trait
//! has to be in scope, and the first way costs the compiler one look (a chain of traits cost it five times as much).

use std::fmt::{Debug, Display};
use std::ops::Deref;

use super::attributes::Attributes;
use super::by_name::{ShownByName, ShownWithoutDebug};
pub(crate) use super::caught::caught;
use super::ids::IdsWriter;
use super::key::Key;
use super::output::FloorCharBoundary;
use super::value::ValueWriter;
use super::{Capture, type_name};

/// Declares the ways in order; what has no method in one is looked for in the next. An expansion makes the first one by its field:
/// a call there would be one more for each parameter.
macro_rules! ways {
    ($(#[$doc:meta])* $way:ident, $($rest:tt)+) => {
        ways!(@type [$(#[$doc])*] $way);
        ways!(@next $way $($rest)+);
        ways!($($rest)+);
    };
    ($(#[$doc:meta])* $last:ident) => {
        ways!(@type [$(#[$doc])*] $last);
    };
    (@type [$(#[$doc:meta])*] $way:ident) => {
        $(#[$doc])*
        #[derive(Debug)]
        #[repr(transparent)]
        pub struct $way<'a, T: ?Sized> {
            #[doc(hidden)]
            pub of: &'a T,
        }
    };
    (@next $way:ident $(#[$next_doc:meta])* $next:ident $($rest:tt)*) => {
        impl<'a, T: ?Sized> Deref for $way<'a, T> {
            type Target = $next<'a, T>;

            #[cfg_attr(not(debug_assertions), inline)]
            #[expect(unsafe_code, reason = "the same reference, as the next way takes it")]
            fn deref(&self) -> &Self::Target {
                // SAFETY: both types are `repr(transparent)` around a `&'a T`, and have nothing else.
                unsafe { &*std::ptr::from_ref(self).cast::<$next<'a, T>>() }
            }
        }
    };
}
pub(crate) use ways;

ways! {
    /// A parameter that is to be recorded; here, one that is copied.
    ///
    /// A reference to it would force it into memory when the function starts, also where nothing is recorded. A copy, made
    /// where it is recorded, does not.
    Peek,
    /// A value that is to be recorded; here, types that implement [`Capture`].
    Value,
    /// `Option`s of types that only implement `Display`: the value itself, or nothing.
    OptionalDisplay,
    /// `Option`s of types that only implement `Debug`: the value itself, or nothing.
    OptionalDebug,
    /// Types that only implement `Display`.
    Displayed,
    /// Types that only implement `Debug`.
    Debugged,
    /// All other types: their name.
    Named
}

ways! {
    /// A value that is to be shown as type and identifiers only; here, types that say what identifies them.
    Excluded,
    /// Values of any other type.
    ExcludedPlain
}

/// Numbers, booleans and shared references: what fits in a register or two.
pub trait PeekCopy: Copy {}

macro_rules! peek_copies {
    ($($type:ty;)+) => {$(
        impl PeekCopy for $type {}
    )+};
}

peek_copies! {
    i8; i16; i32; i64; isize; u8; u16; u32; u64; usize; f32; f64; bool; char;
    Option<i32>; Option<i64>; Option<u32>; Option<u64>; Option<usize>; Option<f64>; Option<bool>;
}

impl<T: ?Sized> PeekCopy for &T {}

impl<T: PeekCopy + Capture> Peek<'_, T> {
    /// Writes the value of a parameter that was asked for by name.
    #[cfg_attr(not(debug_assertions), inline(always), expect(clippy::inline_always, reason = "no reference"))]
    pub fn record_named(&self, out: &mut Attributes<'_>, key: Key) {
        self.record(out, key);
    }

    /// Writes the value as an attribute.
    #[cfg_attr(not(debug_assertions), inline(always), expect(clippy::inline_always, reason = "no reference"))]
    pub fn record(&self, out: &mut Attributes<'_>, key: Key) {
        let copy = *self.of;
        Value { of: &copy }.record(out, key);
    }
}

impl<T: Capture + ?Sized> Value<'_, T> {
    /// Writes the value of a parameter that was asked for by name.
    #[cfg_attr(not(debug_assertions), inline)]
    pub fn record_named(&self, out: &mut Attributes<'_>, key: Key) {
        self.record(out, key);
    }

    /// Writes the value as an attribute.
    #[cfg_attr(
        not(debug_assertions),
        inline(always),
        expect(clippy::inline_always, reason = "which of the three it is, is known where the type is")
    )]
    pub fn record(&self, out: &mut Attributes<'_>, key: Key) {
        let value = self.of;
        if let Some(scalar) = value.as_scalar() {
            out.scalar(key, scalar);
        } else if let Some(text) = value.as_text() {
            out.text(key, text);
        } else {
            out.attribute(key, |out| self.record_value(out));
        }
    }

    /// Writes the value alone.
    #[cfg_attr(not(debug_assertions), inline)]
    pub fn record_value(&self, out: &mut ValueWriter<'_>) {
        if T::TRUSTED {
            self.of.capture(out);
            return;
        }
        let depth = out.depth();
        if caught(|| self.of.capture(out)).is_none() {
            out.set_depth(depth);
            out.str(&format!("<capture panicked: {}>", type_name::of::<T>()));
        }
    }
}

/// Declares how a way writes the value, and the methods by which it is asked for. `debug`: the type has only `Debug`; `named`: not
/// even that. What a workspace's policy says of the first is chosen by the method: `…_or_name` has none here, so that the last
/// way is taken, `…_or_refuse` one that cannot be called.
macro_rules! way {
    ($($debug:ident,)? [$($generics:tt)*] $way:ident<$type:ty>, $(named: $named:path,)? |$value:ident, $out:ident| $write:expr) => {
        impl<$($generics)*> $way<'_, $type> {
            /// Writes the value as an attribute.
            #[cfg_attr(not(debug_assertions), inline)]
            pub fn record(&self, out: &mut Attributes<'_>, key: Key) {
                out.attribute(key, |out| self.record_value(out));
            }

            /// Writes the value of something that was asked for by name.
            #[cfg_attr(not(debug_assertions), inline)]
            pub fn record_named(&self, out: &mut Attributes<'_>, key: Key)
            $(where $type: $named)?
            {
                self.record(out, key);
            }

            /// Writes the value alone.
            pub fn record_value(&self, $out: &mut ValueWriter<'_>) {
                let $value = self.of;
                $write;
            }
        }

        way!(@policy $($debug)? [$($generics)*] $way<$type>);
    };
    (@policy debug [$($generics:tt)*] $way:ident<$type:ty>) => {
        impl<$($generics)*> $way<'_, $type> {
            /// Refuses to compile.
            pub fn record_or_refuse(&self, out: &mut Attributes<'_>, key: Key)
            where
                $type: ShownWithoutDebug,
            {
                self.record(out, key);
            }

            /// Refuses to compile.
            pub fn record_value_or_refuse(&self, out: &mut ValueWriter<'_>)
            where
                $type: ShownWithoutDebug,
            {
                self.record_value(out);
            }
        }
    };
    (@policy [$($generics:tt)*] $way:ident<$type:ty>) => {
        impl<$($generics)*> $way<'_, $type> {
            /// Writes the value as an attribute.
            #[cfg_attr(not(debug_assertions), inline)]
            pub fn record_or_name(&self, out: &mut Attributes<'_>, key: Key) {
                self.record(out, key);
            }

            /// Writes the value as an attribute.
            #[cfg_attr(not(debug_assertions), inline)]
            pub fn record_or_refuse(&self, out: &mut Attributes<'_>, key: Key) {
                self.record(out, key);
            }

            /// Writes the value alone.
            pub fn record_value_or_name(&self, out: &mut ValueWriter<'_>) {
                self.record_value(out);
            }

            /// Writes the value alone.
            pub fn record_value_or_refuse(&self, out: &mut ValueWriter<'_>) {
                self.record_value(out);
            }
        }
    };
}

way!(@policy [T: PeekCopy + Capture] Peek<T>);
way!(@policy [T: Capture + ?Sized] Value<T>);
way!([T: Display] OptionalDisplay<Option<T>>, |value, out| if let Some(value) = value { out.display(value) });
way!([T: Display] OptionalDisplay<&Option<T>>, |value, out| if let Some(value) = value { out.display(value) });
way!(debug, [T: Debug] OptionalDebug<Option<T>>, |value, out| if let Some(value) = value { out.debug(value) });
way!(debug, ['a, T: Debug] OptionalDebug<&'a Option<T>>, |value, out| if let Some(value) = value { out.debug(value) });
way!([T: Display + ?Sized] Displayed<T>, |value, out| out.display(value));
way!(debug, [T: Debug + ?Sized] Debugged<T>, |value, out| out.debug(value));
way!([T: ?Sized] Named<T>, named: ShownByName, |_value, out| out.str(&format!("<{}>", type_name::of::<T>())));

impl<T: Capture + ?Sized> Excluded<'_, T> {
    /// Writes `<Type (excluded, id=…)>`.
    #[cfg_attr(not(debug_assertions), inline)]
    pub fn record(&self, out: &mut Attributes<'_>, key: Key) {
        out.attribute(key, |out| {
            let mut ids = String::new();
            if caught(|| self.of.capture_ids(&mut IdsWriter::new(&mut ids))).is_none() {
                ids.clear();
            }
            show_excluded::<T>(out, &ids);
        });
    }
}

#[expect(clippy::unused_self, reason = "one of two ways, which are called alike")]
impl<T: ?Sized> ExcludedPlain<'_, T> {
    /// Writes `<Type (excluded)>`.
    #[cfg_attr(not(debug_assertions), inline)]
    pub fn record(&self, out: &mut Attributes<'_>, key: Key) {
        out.attribute(key, |out| show_excluded::<T>(out, ""));
    }
}

/// Bytes of a type's name that are shown of a skipped value: `excluded_bound` counts on it.
const MAX_TYPE_NAME: usize = 256;

fn show_excluded<T: ?Sized>(out: &mut ValueWriter<'_>, ids: &str) {
    let mut name = type_name::of::<T>();
    name.truncate(name.floor_char_boundary_compat(MAX_TYPE_NAME));
    out.str(&format!("<{name} (excluded{ids})>"));
}
