//! How the standard library's types show themselves: numbers, booleans, strings, and what holds or borrows them.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet, VecDeque};
use std::rc::Rc;
use std::sync::Arc;

use super::{Capture, IdsWriter, Scalar, ValueWriter};
use crate::capture::output::FRAME;

macro_rules! scalars {
    ($via:ident as $wide:ty, $scalar:ident; $($type:ty)+) => {$(
        impl Capture for $type {
            const MAX_ENCODED: usize = 11;
            const TRUSTED: bool = true;

            #[cfg_attr(not(debug_assertions), inline)]
            fn capture(&self, out: &mut ValueWriter<'_>) {
                out.$via(<$wide>::from(*self));
            }

            #[cfg_attr(not(debug_assertions), inline)]
            fn as_scalar(&self) -> Option<Scalar> {
                Some(Scalar::$scalar(<$wide>::from(*self)))
            }
        }
    )+};
}

scalars!(i64 as i64, Int; i8 i16 i32 i64 u8 u16 u32);
scalars!(f64 as f64, Double; f32 f64);
scalars!(bool as bool, Bool; bool);

impl Capture for u64 {
    // A number above `i64::MAX` is a string of 20 digits.
    const MAX_ENCODED: usize = 22;
    const TRUSTED: bool = true;

    #[cfg_attr(not(debug_assertions), inline)]
    fn capture(&self, out: &mut ValueWriter<'_>) {
        out.u64(*self);
    }

    #[cfg_attr(not(debug_assertions), inline)]
    fn as_scalar(&self) -> Option<Scalar> {
        Some(Scalar::Uint(*self))
    }
}

impl Capture for usize {
    const MAX_ENCODED: usize = u64::MAX_ENCODED;
    const TRUSTED: bool = true;

    #[cfg_attr(not(debug_assertions), inline)]
    fn capture(&self, out: &mut ValueWriter<'_>) {
        out.u64(*self as u64);
    }

    #[cfg_attr(not(debug_assertions), inline)]
    fn as_scalar(&self) -> Option<Scalar> {
        Some(Scalar::Uint(*self as u64))
    }
}

impl Capture for isize {
    const MAX_ENCODED: usize = 11;
    const TRUSTED: bool = true;

    #[cfg_attr(not(debug_assertions), inline)]
    fn capture(&self, out: &mut ValueWriter<'_>) {
        out.i64(*self as i64);
    }

    #[cfg_attr(not(debug_assertions), inline)]
    fn as_scalar(&self) -> Option<Scalar> {
        Some(Scalar::Int(*self as i64))
    }
}

macro_rules! wide_integers {
    ($($type:ty)+) => {$(
        impl Capture for $type {
            const MAX_ENCODED: usize = 42;
            const TRUSTED: bool = true;

            fn capture(&self, out: &mut ValueWriter<'_>) {
                match i64::try_from(*self) {
                    Ok(value) => out.i64(value),
                    Err(_) => out.display(self),
                }
            }
        }
    )+};
}

wide_integers!(i128 u128);

impl Capture for char {
    const MAX_ENCODED: usize = 6;
    const TRUSTED: bool = true;

    fn capture(&self, out: &mut ValueWriter<'_>) {
        out.str(self.encode_utf8(&mut [0; 4]));
    }
}

macro_rules! strings {
    ($($type:ty)+) => {$(
        impl Capture for $type {
            const TRUSTED: bool = true;

            #[cfg_attr(not(debug_assertions), inline)]
            fn capture(&self, out: &mut ValueWriter<'_>) {
                out.str(self);
            }

            #[cfg_attr(not(debug_assertions), inline)]
            fn as_text(&self) -> Option<&str> {
                Some(self)
            }
        }
    )+};
}

strings!(str String Cow<'_, str>);

macro_rules! pointers {
    ($($type:ty)+) => {$(
        impl<T: Capture + ?Sized> Capture for $type {
            const MAX_ENCODED: usize = T::MAX_ENCODED;
            const TRUSTED: bool = T::TRUSTED;

            #[cfg_attr(not(debug_assertions), inline)]
            fn capture(&self, out: &mut ValueWriter<'_>) {
                (**self).capture(out);
            }

            #[cfg_attr(not(debug_assertions), inline)]
            fn as_scalar(&self) -> Option<Scalar> {
                (**self).as_scalar()
            }

            #[cfg_attr(not(debug_assertions), inline)]
            fn as_text(&self) -> Option<&str> {
                (**self).as_text()
            }

            fn capture_id(&self) -> Option<&dyn std::fmt::Display> {
                (**self).capture_id()
            }

            fn capture_ids(&self, ids: &mut IdsWriter<'_>) {
                (**self).capture_ids(ids);
            }
        }
    )+};
}

pointers!(&T &mut T Box<T> Rc<T> Arc<T>);

impl<T: Capture> Capture for Option<T> {
    const MAX_ENCODED: usize = T::MAX_ENCODED;
    const TRUSTED: bool = T::TRUSTED;

    #[cfg_attr(not(debug_assertions), inline)]
    fn capture(&self, out: &mut ValueWriter<'_>) {
        if let Some(value) = self {
            value.capture(out);
        }
    }

    #[cfg_attr(not(debug_assertions), inline)]
    fn as_scalar(&self) -> Option<Scalar> {
        self.as_ref()?.as_scalar()
    }

    #[cfg_attr(not(debug_assertions), inline)]
    fn as_text(&self) -> Option<&str> {
        self.as_ref()?.as_text()
    }

    fn capture_id(&self) -> Option<&dyn std::fmt::Display> {
        self.as_ref().and_then(T::capture_id)
    }

    fn capture_ids(&self, ids: &mut IdsWriter<'_>) {
        if let Some(value) = self {
            value.capture_ids(ids);
        }
    }
}

macro_rules! lists {
    ($($(const $n:ident)? $type:ty, $max:expr;)+) => {$(
        impl<T: Capture $(, const $n: usize)?> Capture for $type {
            const MAX_ENCODED: usize = $max;
            const TRUSTED: bool = T::TRUSTED;

            fn capture(&self, out: &mut ValueWriter<'_>) {
                out.list(|list| {
                    let mut elements = self.iter();
                    for element in elements.by_ref() {
                        list.push(element);
                        if list.is_full() {
                            break;
                        }
                    }
                    list.skip(elements.len());
                });
            }

            fn capture_ids(&self, ids: &mut IdsWriter<'_>) {
                ids.many(self.len(), self.iter().map(T::capture_id));
            }
        }
    )+};
}

lists! {
    [T], usize::MAX;
    Vec<T>, usize::MAX;
    VecDeque<T>, usize::MAX;
    BTreeSet<T>, usize::MAX;
    const N [T; N], T::MAX_ENCODED.saturating_add(6).saturating_mul(N).saturating_add(FRAME);
}

impl<T: Capture, S> Capture for HashSet<T, S> {
    const TRUSTED: bool = T::TRUSTED;

    fn capture(&self, out: &mut ValueWriter<'_>) {
        out.list(|list| {
            let mut elements = self.iter();
            for element in elements.by_ref() {
                list.push(element);
                if list.is_full() {
                    break;
                }
            }
            list.skip(elements.len());
        });
    }

    fn capture_ids(&self, ids: &mut IdsWriter<'_>) {
        ids.many(self.len(), self.iter().map(T::capture_id));
    }
}
