//! Single sign-on from outside: answers of a stand-in provider, good and bent, metadata of many makers, and our own.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod addressees;
mod certificates;
mod documents;
mod good;
mod people;
mod providers;
mod requests;
mod signatures;
mod starts;
mod times;
mod world;
mod wrapping;
