//! A stand-in for an HTTP API of API Gateway: it answers as the real one does, errors of its own included.
//!
//! A [`Gateway`] takes routes, authorizer and cross-origin rules from the template, and gives each request to the router
//! of the route's function in the form in which Lambda would: as an event of payload format 2.0. A [`TokenIssuer`] stands
//! in for the identity provider that the authorizer trusts.

mod authorizer;
mod claims;
mod cors;
mod error;
mod event;
mod gateway;
mod invocation;
mod issuer;
mod route;
mod server;

pub use error::Error;
pub use gateway::Gateway;
pub use invocation::invoke;
pub use issuer::{PublicKey, TokenIssuer};
pub use route::Route;
pub use server::RunningGateway;
