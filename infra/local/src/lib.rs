//! The whole system in one process: the real functions with their real configuration, on any AWS stack, with a clock that
//! can be moved on and in place of EventBridge and Lambda's event source mappings something that behaves like them.

mod clock;
mod event_source;
mod system;

pub use clock::SimulatedClock;
pub use event_source::EventSourceError;
pub use system::{LocalSystem, StartError};
