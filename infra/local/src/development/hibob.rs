//! HiBob's settings of service users and their permission groups.

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use provisioning::TenantId;
use stand_in_hibob::{Access, CATEGORIES, ServiceUser};

use crate::development::{Pages, SampleCompany, page};

const ACCESS: [(&str, &str, Access); 3] = [
    ("everyone", "Everyone", Access::Everyone),
    (
        "employed",
        "Lifecycle status equals Employed",
        Access::EmployedOnly,
    ),
    ("nobody", "Nobody", Access::Nobody),
];

#[derive(Template)]
#[template(path = "hibob.html")]
struct HibobPage<'a> {
    companies: Vec<Shown<'a>>,
}

struct Shown<'a> {
    tenant: &'a TenantId,
    name: &'a str,
    user: String,
    token: String,
    categories: Vec<Choice>,
    access: Vec<Choice>,
    is_revoked: bool,
}

struct Choice {
    id: &'static str,
    name: &'static str,
    is_granted: bool,
}

impl<'a> Shown<'a> {
    fn new(company: &'a SampleCompany, user: ServiceUser) -> Self {
        let categories = CATEGORIES.iter().map(|(id, name)| Choice {
            id,
            name,
            is_granted: user.view.contains(*id),
        });
        let access = ACCESS.map(|(id, name, access)| Choice {
            id,
            name,
            is_granted: user.access == access,
        });
        Self {
            tenant: &company.tenant,
            name: &company.name,
            categories: categories.collect(),
            access: access.into(),
            is_revoked: user.is_revoked,
            user: user.id,
            token: user.token,
        }
    }
}

pub(super) async fn show(State(pages): State<Arc<Pages>>) -> Response {
    let shown = |company| Shown::new(company, pages.user(company, |user| user.clone()));
    page(&HibobPage {
        companies: pages.development.companies.iter().map(shown).collect(),
    })
}

pub(super) async fn save(
    State(pages): State<Arc<Pages>>,
    Path(tenant): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let Some(company) = pages.company(&tenant) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let of = |name: &str| -> BTreeSet<String> {
        let values = fields.iter().filter(|(key, _)| key == name);
        values.map(|(_, value)| value.clone()).collect()
    };
    pages.user(company, |user| {
        user.view = of("category");
        user.edit = user.view.clone();
        user.is_revoked = !of("revoked").is_empty();
        let chosen = of("access");
        if let Some((.., access)) = ACCESS.into_iter().find(|(id, ..)| chosen.contains(*id)) {
            user.access = access;
        }
    });
    Redirect::to(&format!("/dev/hibob#{tenant}")).into_response()
}

/// The old token is worth nothing any more.
pub(super) async fn replace_token(State(pages): State<Arc<Pages>>, Path(tenant): Path<String>) -> Response {
    let Some(company) = pages.company(&tenant) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    pages.user(company, |user| {
        user.token.push_str("-new");
        user.is_revoked = false;
    });
    Redirect::to(&format!("/dev/hibob#{tenant}")).into_response()
}

impl Pages {
    fn user<R>(&self, company: &SampleCompany, work: impl FnOnce(&mut ServiceUser) -> R) -> R {
        self.development.hibob.edit_user(&company.service_user, work)
    }
}
