//! Each company's dashboard in HiBob, with the links that its admin has put there.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use single_sign_on::Portal;

use crate::development::{Pages, SampleCompany, page};

#[derive(Template)]
#[template(path = "dashboard.html")]
struct DashboardPage<'a> {
    companies: &'a [SampleCompany],
    links: [(Portal, &'static str); 3],
    sign_on: &'a str,
}

/// What an admin would call them.
const LINKS: [(Portal, &str); 3] = [
    (Portal::Rewards, "Redeem my rewards"),
    (Portal::Reports, "Recognition in my team"),
    (Portal::Admin, "HiThrive administration"),
];

pub(super) async fn show(State(pages): State<Arc<Pages>>) -> Response {
    page(&DashboardPage {
        companies: &pages.development.companies,
        links: LINKS,
        sign_on: &pages.sign_on,
    })
}
