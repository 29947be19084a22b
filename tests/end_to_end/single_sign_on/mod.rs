//! People who sign in through their company's identity provider, by requests as their browsers send them.

mod codes;
mod intruders;
mod logs;
mod office;
mod providers;
mod rights;
mod tenants;
mod visitor;
mod whole_way;
