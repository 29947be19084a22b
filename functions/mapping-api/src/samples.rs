//! A draft mapping applied to one real person.

use std::sync::Arc;

use axum::extract::State;
use hibob::Session;
use http_api::{Caller, Fault, Json, Problem, ProblemKind};
use provisioning::field::control;
use provisioning::preview::Shown;
use provisioning::{
    Employee, FieldSet, MappingDocument, MappingDocumentEntry, Sample, TenantId, sample, sample_fields,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::MappingApi;
use crate::faults::valid_draft;
use crate::fields::HibobProblems;

/// An address has 254 characters at most.
const LONGEST_NAME_OF_A_PERSON: usize = 254;
/// Among so many records the example is looked for.
const FIRST_PEOPLE: usize = 50;

/// Rows of a mapping, and whom to try them on
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"entries": [crate::mapping::title_entry()], "person": "ada@example.com"}))]
pub(crate) struct SampleRequest {
    /// They need not be a whole mapping yet.
    entries: Vec<MappingDocumentEntry>,
    /// HiBob's id or the work address; without it, somebody whom HiBob lists early.
    #[schema(min_length = 1, max_length = 254)]
    person: Option<String>,
}

/// What would come of each row
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Samples)]
pub(crate) struct SamplesBody {
    /// Nobody, if HiBob shows nobody at all.
    person: Option<SampledPerson>,
    samples: Vec<Sample>,
}

/// Whose values these are
#[derive(Debug, Serialize, ToSchema)]
struct SampledPerson {
    #[schema(example = "3332883894211903843")]
    employee: Option<String>,
    #[schema(example = "ada@example.com")]
    email: Option<String>,
    /// As far as the rows fill a name.
    #[schema(example = "Ada Lovelace")]
    name: Option<String>,
}

http_api::problems!(pub(crate) SampleProblems: InvalidRequest, InvalidMapping, NotFound);

/// Show what a mapping makes of one person
///
/// Only the fields of these rows and those that every run reads are asked for, of this one person. Nothing is kept.
#[utoipa::path(post, path = "/api/mapping/samples", tag = "mapping", request_body = SampleRequest,
    responses((status = 200, description = "What would come of each row", body = SamplesBody),
        SampleProblems, HibobProblems))]
pub(crate) async fn sample_mapping(
    State(api): State<Arc<MappingApi>>,
    caller: Caller,
    Json(request): Json<SampleRequest>,
) -> Result<Json<SamplesBody>, Problem> {
    let person = request.person.as_deref().map(checked).transpose()?;
    api.connection(&caller.tenant).await?;
    let mut session = api.session(&caller.tenant).await?;
    let mut document = MappingDocument {
        entries: request.entries,
    };
    let unknown = api
        .metadata(&caller.tenant, &mut session)
        .await?
        .describe(&mut document.entries);
    valid_draft(&document, unknown)?;

    let example;
    let person = if let Some(person) = person {
        person
    } else if let Some(found) = api.example(&caller.tenant, &mut session).await? {
        example = found;
        &example
    } else {
        return Ok(Json(SamplesBody {
            person: None,
            samples: Vec::new(),
        }));
    };
    let fields = sample_fields(&document.entries);
    let employee = match session.person(person, &fields).await {
        Ok(Some(employee)) => employee,
        Ok(None) => {
            let detail = "HiBob shows nobody with this id or address.";
            return Err(Problem::new(ProblemKind::NotFound, detail));
        }
        Err(error) => return Err(api.of_hibob(&caller.tenant, error).await),
    };
    let samples = sample(&document.entries, &fields, &employee);
    Ok(Json(SamplesBody {
        person: Some(SampledPerson::of(&employee, &samples)),
        samples,
    }))
}

fn checked(person: &str) -> Result<&str, Problem> {
    let person = person.trim();
    let is_usable = (1..=LONGEST_NAME_OF_A_PERSON).contains(&person.len())
        && !person.chars().any(|c| c.is_control() || c.is_whitespace());
    if is_usable {
        Ok(person)
    } else {
        let fault = Fault::new("/person", "This is neither an id of HiBob nor an e-mail address.");
        Err(Problem::invalid_request(&[fault]))
    }
}

impl MappingApi {
    /// HiBob's id of somebody who works there, from the beginning of its answer, whose rest is not read.
    async fn example(&self, tenant: &TenantId, session: &mut Session) -> Result<Option<String>, Problem> {
        match first_with_access(session).await {
            Ok(found) => Ok(found),
            Err(error) => Err(self.of_hibob(tenant, error).await),
        }
    }
}

async fn first_with_access(session: &mut Session) -> Result<Option<String>, hibob::Error> {
    let control = FieldSet::new([]);
    let mut people = session.search(&control).await?;
    let mut first = None;
    for _ in 0..FIRST_PEOPLE {
        let Some(person) = people.next().await? else {
            break;
        };
        let id = person.text(control::ID).map(str::to_owned);
        let has_access = person
            .text(control::STATUS)
            .is_some_and(|status| status.eq_ignore_ascii_case("active"));
        if has_access && id.is_some() {
            return Ok(id);
        }
        first = first.or(id);
    }
    Ok(first)
}

impl SampledPerson {
    fn of(employee: &Employee, samples: &[Sample]) -> Self {
        let text = |target: &str| {
            let sample = samples.iter().find(|sample| sample.target == target)?;
            match sample.value.as_ref()? {
                Shown::Text(text) => Some(text.as_str()),
                Shown::List(_) => None,
            }
        };
        let parts: Vec<&str> = ["firstName", "lastName"].into_iter().filter_map(text).collect();
        let name = text("displayName").map(str::to_owned);
        Self {
            employee: employee.text(control::ID).map(str::to_owned),
            email: employee.text(control::EMAIL).map(str::to_owned),
            name: name.or_else(|| (!parts.is_empty()).then(|| parts.join(" "))),
        }
    }
}
