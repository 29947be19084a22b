//! A HiBob to develop and test against: it answers as the real one does, including on its bad nights.
//!
//! A [`Company`] is generated from a seed and can be edited person by person, spoiled ([`Blemish`]), planted with
//! canaries or moved on by a day. A [`StandInHibob`] serves any number of companies, each to its own
//! [`ServiceUser`]s, and everything about them can change while it runs: people, permissions, tokens, [`Fault`]s and
//! [`Limits`].
//!
//! ```no_run
//! # async fn example() -> std::io::Result<()> {
//! use stand_in_hibob::{Company, Fault, ServiceUser, StandInHibob, When};
//!
//! let hibob = StandInHibob::new();
//! let company = Company::generate(7, 250, jiff::civil::date(2026, 11, 24));
//! hibob.host("acme", company, ServiceUser::all_seeing("SERVICE-1", "token"));
//! let server = hibob.start_on(0).await?;
//!
//! hibob.edit("acme", |company| company.advance_day());
//! hibob.inject("acme", Fault::BadGateway, When::next_searches(1));
//! // Point a client at `server.base_url()` here.
//! server.shutdown().await;
//! # Ok(())
//! # }
//! ```

mod access;
mod answer;
mod blemish;
mod canary;
mod company;
mod day;
mod dice;
mod employee;
mod endpoints;
mod faults;
mod field;
mod fields;
mod gate;
mod generate;
mod host;
mod human;
mod limits;
mod lists;
mod names;
mod pages;
mod render;
mod requests;
mod sample;
mod search;
mod server;
mod values;

pub use access::{Access, ServiceUser};
pub use blemish::Blemish;
pub use canary::{CANARY, CANARY_DATE, CANARY_NUMBER, CANARY_SHORT_DATE, canary_text};
pub use company::Company;
pub use day::Day;
pub use employee::{Employee, EmployeeId};
pub use faults::{Fault, When};
pub use field::{CATEGORIES, Field, Kind, category_name};
pub use fields::{CLOCK_DRIVEN, FIELDS};
pub use host::StandInHibob;
pub use limits::Limits;
pub use lists::{List, ListItem, named_list};
pub use requests::{Endpoint, Request};
pub use server::RunningHibob;
