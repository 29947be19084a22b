//! What the HTTP functions share: who calls, what may be sent, and how every error is answered.
//!
//! A function makes a router of handlers that answer `Result<_, Problem>`, gives it to [`finish`](fn@finish), and the result to
//! [`serve`](fn@serve):
//!
//! ```no_run
//! use axum::Router;
//! use axum::routing::get;
//! use http_api::{Caller, Json, Problem, ProblemKind};
//!
//! async fn greet(caller: Caller) -> Result<Json<String>, Problem> {
//!     Ok(Json(format!("Hello, {}", caller.tenant)))
//! }
//!
//! # async fn run() -> Result<(), lambda_http::Error> {
//! let router = Router::new().route("/api/greeting", get(greet));
//! http_api::serve(http_api::finish(router, "greeting-api", startup::Clock::system())).await
//! # }
//! ```

mod backend;
mod caller;
mod finish;
#[cfg(feature = "hibob")]
mod hibob_desk;
#[cfg(feature = "hibob")]
mod hibob_problem;
mod json;
mod kind;
#[cfg(feature = "hibob")]
mod metadata;
pub mod openapi;
#[cfg(feature = "hibob")]
mod person;
mod precondition;
mod problem;
mod request;
mod serve;
#[cfg(feature = "sign-in")]
mod sign_in_problem;
#[cfg(feature = "stores")]
mod store_problem;
#[cfg(feature = "stores")]
mod task;
#[cfg(any(feature = "sign-in", feature = "stores"))]
mod team_problem;
#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use backend::Backend;
pub use caller::Caller;
pub use finish::{finish, finish_with_limit};
#[cfg(feature = "hibob")]
pub use hibob_desk::{HibobDesk, Trouble};
pub use json::{BODY_LIMIT, Json};
pub use kind::{ProblemKind, ProblemTable, list_problems};
#[cfg(feature = "hibob")]
pub use metadata::Metadata;
#[cfg(feature = "hibob")]
pub use person::{PersonName, find_person};
pub use precondition::{ETag, IfMatch};
pub use problem::{Fault, Problem};
pub use request::{Path, Query};
pub use serve::{Gateway, gateway, serve};
#[cfg(feature = "stores")]
pub use task::{TaskBody, TaskPath};

// `utoipa_axum::routes!(http_api::list_problems)` looks for it beside the handler.
#[doc(hidden)]
pub use kind::__path_list_problems;
