//! Switching telemetry on and off: the builder, the environment, and the handle that a program keeps.

mod at_exit;
pub(crate) mod builder;
pub(crate) mod env;
pub(crate) mod error;
pub(crate) mod propagators;
mod resource;
pub(crate) mod stats;
pub(crate) mod telemetry;
