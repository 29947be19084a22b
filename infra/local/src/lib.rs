//! The whole system in one process: the real functions with their real configuration, on any AWS stack, with a clock that
//! can be moved on and in place of EventBridge, Lambda's event source mappings and API Gateway something that behaves like
//! them.
//!
//! [`LocalSystem`] is that system, for tests too; [`Development`] are pages in the place of what stands around it;
//! [`program`] is what `cargo run` makes of them.

mod addresses;
mod clock;
mod development;
mod event_source;
mod gateway;
pub mod program;
mod sign_on;
mod system;

pub use addresses::Addresses;
pub use clock::SimulatedClock;
pub use development::{Development, SampleCompany};
pub use event_source::EventSourceError;
pub use system::{LocalSystem, StartError};
