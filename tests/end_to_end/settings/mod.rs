//! The settings APIs, called as an admin's page calls them.

pub(crate) mod admin;
mod bad_input;
mod callers;
mod documents;
mod held;
mod hibob_troubles;
mod isolation;
mod side_by_side;
mod whole_way;
