//! The whole system in one process: the real functions with their real configuration, on any AWS stack, with a clock that
//! can be moved on and in place of EventBridge and Lambda's event source mappings something that behaves like them.
//!
//! [`LocalSystem`] is that system, for tests too; [`program`] is what `cargo run` makes of it.

mod clock;
mod event_source;
pub mod program;
mod system;

pub use clock::SimulatedClock;
pub use event_source::EventSourceError;
pub use system::{LocalSystem, StartError};
