//! The list of all instruments that are declared with `#[derive(Metrics)]`, made by the linker as that of call sites is
//! (`callsite/registry.rs` says how and at what cost).

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
    use crate::metrics::typed::spec::InstrumentSpec;

    /// Every instrument that is linked into the program, in no order.
    #[linkme::distributed_slice]
    pub static INSTRUMENTS: [InstrumentSpec];

    pub(in crate::metrics) const IS_COMPLETE: bool = true;

    pub(in crate::metrics) fn all() -> &'static [InstrumentSpec] {
        INSTRUMENTS.static_slice()
    }

    /// The `static` of one instrument.
    #[doc(hidden)]
    #[macro_export]
    macro_rules! __wirespan_instrument {
        ($name:ident = $spec:expr) => {
            $crate::__private::INSTRUMENTS! {
                #![linkme_macro = $crate::__private::INSTRUMENTS]
                static $name: $crate::__private::InstrumentSpec = $spec;
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
    use crate::metrics::typed::spec::InstrumentSpec;

    /// No instrument is known.
    pub static INSTRUMENTS: [InstrumentSpec; 0] = [];

    pub(in crate::metrics) const IS_COMPLETE: bool = false;

    pub(in crate::metrics) fn all() -> &'static [InstrumentSpec] {
        &INSTRUMENTS
    }

    /// The `static` of one instrument.
    #[doc(hidden)]
    #[macro_export]
    macro_rules! __wirespan_instrument {
        ($name:ident = $spec:expr) => {
            static $name: $crate::__private::InstrumentSpec = $spec;
        };
    }
}

pub use linked::INSTRUMENTS;
pub(in crate::metrics) use linked::{IS_COMPLETE, all};
