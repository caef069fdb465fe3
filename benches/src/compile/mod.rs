//! What an attribute costs to compile: the same thousand functions bare, with ours, and with the peers'.
//!
//! `source` writes one crate for each stack into `target/compile`, `measure` has cargo check and build them, again and
//! again and in turn, `report` prints what came out. The binary is `benches/compile.rs`.

pub mod measure;
pub mod report;
pub mod source;

/// A way to annotate the functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stack {
    /// Not at all.
    Bare,
    /// `#[wirespan::traced]`.
    Wirespan,
    /// `#[tracing::instrument]`.
    Tracing,
    /// `#[fastrace::trace]`.
    Fastrace,
}

impl Stack {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Bare, Self::Wirespan, Self::Tracing, Self::Fastrace];

    /// Its name in tables, and that of its crate.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bare => "bare",
            Self::Wirespan => "wirespan",
            Self::Tracing => "tracing",
            Self::Fastrace => "fastrace",
        }
    }
}

/// What compiling one crate costs, its dependencies being there already.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cost {
    /// Seconds of `cargo check`.
    pub check_s: f64,
    /// Seconds of `cargo build`.
    pub build_s: f64,
    /// Bytes of the library.
    pub rlib_bytes: u64,
}

impl Cost {
    /// The lower of the two, in each part: what other work on the machine disturbed least.
    #[must_use]
    pub fn min(self, other: Self) -> Self {
        Self {
            check_s: self.check_s.min(other.check_s),
            build_s: self.build_s.min(other.build_s),
            rlib_bytes: self.rlib_bytes.min(other.rlib_bytes),
        }
    }
}
