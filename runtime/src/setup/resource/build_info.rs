//! What is known of a program when it is built: its version, and with a build script its repository and revision.

use super::vcs::{Vcs, checked_revision, public_url};
use crate::setup::config::source::{Set, Source};

/// What a program was made of. [`build_info!`](crate::build_info) makes one.
#[derive(Debug, Clone, Copy, Default)]
pub struct BuildInfo {
    version: Option<&'static str>,
    url: Option<&'static str>,
    revision: Option<&'static str>,
}

impl BuildInfo {
    /// For `build_info!`.
    #[doc(hidden)]
    pub const fn new(
        version: Option<&'static str>,
        url: Option<&'static str>,
        revision: Option<&'static str>,
    ) -> Self {
        Self { version, url, revision }
    }

    /// The version of the crate, as its `Cargo.toml` has it.
    pub fn version(&self) -> Option<&'static str> {
        self.version.filter(|version| !version.is_empty())
    }

    pub(super) fn vcs(&self) -> Vcs {
        let set = |value: Option<String>| value.map(|value| Set::new(value, Source::BuildInfo));
        Vcs {
            url: set(self.url.and_then(public_url)),
            revision: set(self.revision.and_then(checked_revision)),
        }
    }
}

/// What the crate in which this stands is made of: its version, and, where its build script calls
/// [`build::emit_vcs`](https://docs.rs/wirespan/latest/wirespan/build/fn.emit_vcs.html), its repository and revision.
///
/// ```
/// # fn main() -> Result<(), wirespan::Error> {
/// let _telemetry = wirespan::builder().build_info(wirespan::build_info!()).install()?;
/// # Ok(()) }
/// ```
#[macro_export]
macro_rules! build_info {
    () => {
        $crate::BuildInfo::new(
            ::core::option_env!("CARGO_PKG_VERSION"),
            ::core::option_env!("WIRESPAN_VCS_URL"),
            ::core::option_env!("WIRESPAN_VCS_REVISION"),
        )
    };
}
