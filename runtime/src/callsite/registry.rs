//! The list of all call sites, made by the linker.
//!
//! Each traced function's [`Callsite`] is a `static` in one section of the object file, through the crate `linkme`; the linker
//! puts the sections of all crates one behind the other. No code runs for it, neither before `main` nor later. On platforms
//! that `linkme` has no answer for, a call site is a plain `static` that nobody knows but its function; so it is in our own unit
//! tests, where the section would count as unsafe code of ours.
//!
//! `linkme`'s attribute on each element is a procedural macro that adds a type check: for 1,000 call sites it was 0.6 s of
//! `cargo check`. The slice brings a `macro_rules!` that the attribute expands to, and `callsite!` calls that, for less than
//! 0.1 s. It is no public API of `linkme`'s, which is why the workspace names the exact version.

#[cfg(all(
    not(test),
    any(
        target_os = "linux",
        target_os = "android",
        target_os = "fuchsia",
        target_os = "macos",
        target_os = "ios",
        target_os = "tvos",
        target_os = "windows",
        target_os = "illumos",
        target_os = "freebsd",
        target_os = "openbsd"
    )
))]
mod linked {
    use crate::callsite::Callsite;

    /// Every call site that is linked into the program, in no order.
    #[linkme::distributed_slice]
    pub static CALLSITES: [Callsite];

    pub(in crate::callsite) const IS_COMPLETE: bool = true;

    pub(in crate::callsite) fn all() -> &'static [Callsite] {
        CALLSITES.static_slice()
    }

    /// The `static` of one call site.
    #[doc(hidden)]
    #[macro_export]
    macro_rules! __wirespan_callsite {
        ($name:ident = $function:expr, $line:expr, $parameters:expr; $($more:tt)*) => {
            $crate::__private::CALLSITES! {
                #![linkme_macro = $crate::__private::CALLSITES]
                static $name: $crate::__private::Callsite = $crate::__private::Callsite::plain(
                    $function,
                    $crate::__private::core::module_path!(),
                    $crate::__private::core::file!(),
                    $line,
                    $crate::__private::core::option_env!("CARGO_PKG_NAME"),
                    $crate::__private::core::option_env!("CARGO_PKG_VERSION"),
                    $parameters,
                )$($more)*;
            }
        };
    }
}

#[cfg(not(all(
    not(test),
    any(
        target_os = "linux",
        target_os = "android",
        target_os = "fuchsia",
        target_os = "macos",
        target_os = "ios",
        target_os = "tvos",
        target_os = "windows",
        target_os = "illumos",
        target_os = "freebsd",
        target_os = "openbsd"
    )
)))]
mod linked {
    use crate::callsite::Callsite;

    /// No call site is known.
    pub static CALLSITES: [Callsite; 0] = [];

    pub(in crate::callsite) const IS_COMPLETE: bool = false;

    pub(in crate::callsite) fn all() -> &'static [Callsite] {
        &CALLSITES
    }

    /// The `static` of one call site.
    #[doc(hidden)]
    #[macro_export]
    macro_rules! __wirespan_callsite {
        ($name:ident = $function:expr, $line:expr, $parameters:expr; $($more:tt)*) => {
            static $name: $crate::__private::Callsite = $crate::__private::Callsite::plain(
                $function,
                $crate::__private::core::module_path!(),
                $crate::__private::core::file!(),
                $line,
                $crate::__private::core::option_env!("CARGO_PKG_NAME"),
                $crate::__private::core::option_env!("CARGO_PKG_VERSION"),
                $parameters,
            )$($more)*;
        };
    }
}

/// What a measured function's call site holds.
#[cfg(feature = "metrics")]
#[doc(hidden)]
#[macro_export]
macro_rules! __wirespan_site {
    () => {{
        static SITE: $crate::__private::Site = $crate::__private::Site::new();
        &SITE
    }};
}

/// Without metrics, nothing can be measured.
#[cfg(not(feature = "metrics"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __wirespan_site {
    () => {
        ::core::compile_error!(
            "`metrics` needs the feature `metrics` of `wirespan`\nhelp: write `features = [\"metrics\"]` for `wirespan` in Cargo.toml"
        )
    };
}

pub use linked::CALLSITES;
pub(super) use linked::{IS_COMPLETE, all};
