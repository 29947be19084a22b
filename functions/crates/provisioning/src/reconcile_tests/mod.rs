//! Whole nights, rule by rule: a small company is synced, changed and synced again. [`world::World::night`] itself
//! checks that a second run of the same night plans nothing, so every scenario ends with that.

mod addresses;
mod bad_records;
mod disconnection;
mod generated;
mod guards;
mod handovers;
mod identity;
mod leave;
mod leavers;
mod managers;
mod mapping_changed;
mod missing;
mod overrides;
mod person;
mod preview;
mod properties;
mod races;
mod rehires;
mod scope;
mod starters;
mod team;
mod telling;
mod values;
mod withheld;
mod world;
