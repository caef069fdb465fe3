//! What it costs to deliver spans: each stack with its OTLP exporter, against a receiver in a process of its own.
//!
//! A *case* is a stack, a protocol and a pace (`case`). The benchmark starts a receiver and a child for each case (`run`); the
//! child is `src/bin/export_stack.rs`, which makes the load (`load`) with one stack (`stacks`) and measures its own process
//! (`process`); the receiver is `src/bin/export_receiver.rs`, which only counts (`receiver`, `count`). `dead` times the caller
//! while no collector listens, and `report` puts everything together.
//!
//! What favours the peers: the receiver takes requests of any size, where a Collector refuses those above 4 MiB by default,
//! and wirespan's spans carry the code's location and a status beside the two attributes.

pub mod case;
pub mod count;
pub mod dead;
pub mod load;
pub mod process;
pub mod receiver;
pub mod report;
pub mod run;
pub mod stacks;
