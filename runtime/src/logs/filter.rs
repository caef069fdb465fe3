//! Which events become log records: `RUST_LOG`, as `tracing` programs know it, without its filters by span and field.

use tracing::Level;
use tracing_subscriber::filter::Targets;

use crate::setup::config::lookup::Lookup;
use crate::setup::config::source::Set;
use crate::setup::error::Error;

pub(super) const NAME: &str = "RUST_LOG";

/// What counts where nothing is said.
pub(super) fn by_default() -> Targets {
    Targets::new().with_default(Level::INFO)
}

/// What the variable says. It is not ours alone: what cannot be used is told, and is no error.
pub(super) fn read(lookup: &Lookup) -> Result<Option<Set<Targets>>, Error> {
    let Some(text) = lookup.text(NAME)? else { return Ok(None) };
    if let Ok(targets) = text.value.parse() {
        return Ok(Some(text.map(|_| targets)));
    }
    lookup.warn(format!(
        "{NAME}={:?} has no effect on exported logs; expected `level` and `module=level` between commas, without filters by span or field",
        text.value
    ));
    Ok(None)
}
