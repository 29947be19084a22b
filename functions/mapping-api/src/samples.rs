//! A draft mapping applied to one real person.

use std::sync::Arc;

use axum::extract::State;
use hibob::Session;
use http_api::{Caller, Json, Metadata, PersonName, Problem, ProblemKind, Trouble, find_person};
use provisioning::field::control;
use provisioning::preview::Shown;
use provisioning::{
    Employee, FieldSet, MappingDocument, MappingDocumentEntry, Sample, sample, sample_fields,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::MappingApi;
use crate::faults::{describe, valid_draft};
use crate::fields::HibobProblems;

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
    let person = request.person.as_deref().map(PersonName::new).transpose()?;
    api.connection(&caller.tenant).await?;
    let mut document = MappingDocument {
        entries: request.entries,
    };
    let answer = api.hibob.ask(&caller.tenant, |mut session| async move {
        let metadata = Metadata::new(session.fields().await?);
        let unknown = describe(&metadata, &mut document.entries);
        valid_draft(&document, unknown)?;
        let person = match person {
            Some(person) => Some(person.as_str().to_owned()),
            None => first_with_access(&mut session).await?,
        };
        match person {
            Some(person) => sampled(&mut session, &document.entries, &person).await,
            None => Ok(SamplesBody::NOBODY),
        }
    });
    Ok(Json(answer.await?))
}

async fn sampled(
    session: &mut Session,
    entries: &[MappingDocumentEntry],
    person: &str,
) -> Result<SamplesBody, Trouble> {
    let fields = sample_fields(entries);
    let Some(employee) = find_person(session, person, &fields).await? else {
        let detail = "HiBob shows nobody with this id or address.";
        return Err(Problem::new(ProblemKind::NotFound, detail).into());
    };
    let samples = sample(entries, &fields, &employee);
    Ok(SamplesBody {
        person: Some(SampledPerson::of(&employee, &samples)),
        samples,
    })
}

/// HiBob's id of somebody who works there, from the beginning of its answer, whose rest is not read.
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

impl SamplesBody {
    const NOBODY: Self = Self {
        person: None,
        samples: Vec::new(),
    };
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
