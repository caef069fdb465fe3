//! `meter_provider` and `logger_provider`, where their signals are built in.

use super::at::At;
use crate::setup::config::settings::Settings;
use crate::setup::error::Error;

/// Reads what is there. A signal that the file does not name is not exported, by the schema.
pub(super) fn read(
    settings: &mut Settings,
    root: &At<'_>,
    meter: Option<&At<'_>>,
    logger: Option<&At<'_>>,
) -> Result<(), Error> {
    #[cfg(feature = "metrics")]
    super::metrics::read(settings, root, meter)?;
    #[cfg(not(feature = "metrics"))]
    if let Some(at) = meter {
        return Err(at.problem("needs the feature `metrics` of the crate `wirespan`"));
    }
    #[cfg(feature = "logs")]
    super::logs::read(settings, root, logger)?;
    #[cfg(not(feature = "logs"))]
    if let Some(at) = logger {
        return Err(at.problem("needs the feature `logs` of the crate `wirespan`"));
    }
    let _ = (settings, root, meter, logger);
    Ok(())
}
