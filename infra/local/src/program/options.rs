//! The command line.

use std::path::PathBuf;

/// Runs the HiBob sync on this machine: the real functions on an embedded AWS.
///
/// A stand-in for HiBob serves three made-up companies: one is healthy, the service user of one has lost a permission
/// category, the token of one was revoked. Three nights are run over them: a first, one that finds nothing to do, and one
/// after a day on which people joined, moved and left. After each night every account is compared with its person in the
/// stand-in, field by field.
///
/// Nothing leaves this machine unless --hibob-url is given. Needs no AWS account, no HiBob account and no Docker.
#[derive(Debug, clap::Parser)]
#[command(name = "hithrive-hibob", version, max_term_width = 80, after_help = STATUS)]
pub struct Options {
    /// How many people the healthy company has on record [default: 250]
    ///
    /// From about 60 on, everybody that HiBob can have is among them: future starters, people on every kind of leave,
    /// leavers, rehires.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000), conflicts_with = "hibob_url")]
    pub(crate) people: Option<u32>,

    /// Keep everything up after the nights, with the settings page and its APIs
    ///
    /// Prints the addresses of the page, of a log-in, a HiBob and identity providers in the place of the real ones, of the
    /// sent e-mails and of the embedded AWS. From each company's dashboard its people can go to stand-ins for HiThrive's
    /// portals. A fourth company waits there to be connected. What admins start is done at once; Enter lets one more day
    /// and its night pass; Ctrl-C ends it.
    #[arg(long, conflicts_with = "hibob_url")]
    pub(crate) stay: bool,

    /// Serve the page on this port of this machine [default: any that is free]
    #[arg(long, value_name = "PORT", requires = "stay")]
    pub(crate) port: Option<u16>,

    /// Keep the tables, the tokens and the companies in DIR, and go on with what is there
    ///
    /// Tokens and people's values are kept as they are; a directory that is made for them can be read by you alone.
    /// Queues and e-mails are never kept.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,

    /// Run one night against a real HiBob account instead, into local tables
    ///
    /// URL is `https://api.hibob.com/v1`, or `https://api.sandbox.hibob.com/v1` for a sandbox. The service user's
    /// credentials are taken from the environment variables `HIBOB_SERVICE_USER_ID` and `HIBOB_TOKEN`. HiBob is only read:
    /// once its fields, from which a mapping is suggested, and once its people. The report holds counts and names of
    /// fields, no personal values.
    #[arg(long, value_name = "URL")]
    pub(crate) hibob_url: Option<String>,

    /// Show on standard error what the functions log; `RUST_LOG` chooses what
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

const STATUS: &str =
    "Exit status: 0 if everything was as it should be, 1 if not, 2 for a wrong command line.";
