//! What every test needs: an AWS, a system on it, companies in HiBob, and eyes for what came of a night.

mod companies;
mod looks;
mod stack;
mod tasks;
mod world;

pub(crate) use companies::{MAPPED, assert_team_equals_hibob, company, ids, mapping, source};
pub(crate) use looks::Outcome;
pub(crate) use stack::{own_process, run};
pub(crate) use world::{CURFEW, INVOCATION, World, pause};
