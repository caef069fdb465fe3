//! Switching telemetry on and off: the builder, the configuration, and the handle that a program keeps.

#[cfg(unix)]
mod at_exit;
#[cfg(unix)]
mod at_fork;
pub(crate) mod builder;
pub(crate) mod config;
pub(crate) mod error;
pub(crate) mod pipe_signal;
pub(crate) mod propagators;
pub(crate) mod resource;
pub(crate) mod signals;
pub(crate) mod stats;
pub(crate) mod telemetry;
