//! What each address answers to a request that was let in.

use std::{io, sync::Arc};

use axum::{
    Extension, Json,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};

use crate::{
    answer::Answer,
    company::Company,
    dice::Dice,
    employee::Employee,
    fields::FIELDS,
    gate::{AskedFields, text},
    host::{StandInHibob, Visit},
    lists::{self, List},
    pages,
    render::Layout,
    search::{BadSearch, Search},
};

pub(crate) async fn search(Extension(visit): Extension<Visit>, headers: HeaderMap, body: Bytes) -> Response {
    answer_to(&body, &headers, |search| {
        if visit.user.view.is_empty() {
            return Ok(pages::forbidden());
        }
        let Visit {
            company, user, fault, ..
        } = &visit;
        let mut dice = visit.dice();
        let wanted = company
            .employees()
            .filter(|it| user.sees_employee(company, it) && search.includes(company, it));
        let mut people = wanted.map(Employee::id).collect::<Vec<_>>();
        dice.shuffle(&mut people);
        let layout = Layout::new(search.fields(company, user), search.style()?, &mut dice);
        let answer = Answer::new(Arc::clone(company), layout, people, *fault);
        if !text(&headers, header::ACCEPT_ENCODING).contains("gzip") {
            return Ok(pages::said_to_be_json(answer.into_body()));
        }
        let mut response = pages::said_to_be_json(answer.gzipped().into_body());
        response
            .headers_mut()
            .insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        Ok(response)
    })
}

pub(crate) async fn read_employee(
    Extension(visit): Extension<Visit>,
    Path(identifier): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    answer_to(&body, &headers, |search| {
        let Visit { company, user, .. } = &visit;
        let Some(employee) = find(company, &identifier) else {
            return Ok(StatusCode::NOT_FOUND.into_response());
        };
        if user.view.is_empty() || !user.sees_employee(company, employee) {
            return Ok(pages::forbidden());
        }
        let layout = Layout::new(search.fields(company, user), search.style()?, &mut visit.dice());
        let mut record = Vec::new();
        let written: io::Result<()> = layout.write(company, employee, 0, &mut record);
        Ok(written.map_or_else(
            |_| StatusCode::INTERNAL_SERVER_ERROR.into_response(),
            |()| pages::said_to_be_json(record),
        ))
    })
}

pub(crate) async fn fields(Extension(visit): Extension<Visit>, headers: HeaderMap, uri: Uri) -> Response {
    if let Some(refusal) = refuse_get(&headers, &uri) {
        return refusal;
    }
    let company = &visit.company;
    Json(
        FIELDS
            .iter()
            .map(|field| field.metadata(company.category_of(field)))
            .collect::<Vec<_>>(),
    )
    .into_response()
}

pub(crate) async fn named_lists(headers: HeaderMap, uri: Uri) -> Response {
    if let Some(refusal) = refuse_get(&headers, &uri) {
        return refusal;
    }
    let lists = lists::all()
        .map(|list| (list.name.to_owned(), shown(list)))
        .collect::<Map<_, _>>();
    Json(lists).into_response()
}

pub(crate) async fn named_list(Path(name): Path<String>, headers: HeaderMap, uri: Uri) -> Response {
    if let Some(refusal) = refuse_get(&headers, &uri) {
        return refusal;
    }
    lists::named_list(&name).map_or_else(
        || StatusCode::NOT_FOUND.into_response(),
        |list| Json(shown(list)).into_response(),
    )
}

/// Deprecated: nobody gets people from it.
pub(crate) async fn all_people(State(hibob): State<StandInHibob>, headers: HeaderMap, uri: Uri) -> Response {
    if let Some(refusal) = refuse_get(&headers, &uri) {
        return refusal;
    }
    if hibob.has_removed_all_people() {
        return StatusCode::NOT_FOUND.into_response();
    }
    Json(json!({ "employees": [] })).into_response()
}

impl Visit {
    fn dice(&self) -> Dice {
        Dice::new(&[self.company.seed, self.turn])
    }
}

fn answer_to(
    body: &[u8],
    headers: &HeaderMap,
    answer: impl FnOnce(&Search) -> Result<Response, BadSearch>,
) -> Response {
    if !body.is_empty() && !is_json(headers) {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
    }
    let search = match Search::parse(body) {
        Ok(search) => search,
        Err(bad) => return pages::bad_request(bad.body()),
    };
    let mut response = answer(&search).unwrap_or_else(|bad| pages::bad_request(bad.body()));
    response.extensions_mut().insert(AskedFields(search.asked()));
    response
}

fn find<'a>(company: &'a Company, identifier: &str) -> Option<&'a Employee> {
    let by_id = identifier.parse().ok().and_then(|id| company.employee(id));
    by_id.or_else(|| company.employee_by_email(identifier))
}

fn shown(list: &List) -> Value {
    json!({ "name": list.name, "values": list.items, "items": list.items })
}

/// A GET that claims to carry JSON is refused; a boolean that is not spelled in lower case leads to the login page.
fn refuse_get(headers: &HeaderMap, uri: &Uri) -> Option<Response> {
    if is_json(headers) {
        return Some(pages::bad_get());
    }
    let booleans = [
        "includeArchived",
        "showInactive",
        "humanReadable",
        "includeHumanReadable",
    ];
    let mut pairs = uri
        .query()
        .unwrap_or_default()
        .split('&')
        .filter_map(|pair| pair.split_once('='));
    pairs
        .any(|(key, value)| booleans.contains(&key) && !matches!(value, "true" | "false"))
        .then(pages::login_page)
}

fn is_json(headers: &HeaderMap) -> bool {
    text(headers, header::CONTENT_TYPE).starts_with("application/json")
}
