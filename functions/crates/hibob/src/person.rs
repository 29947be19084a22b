//! Reading one person.

use provisioning::field::control;
use provisioning::{Employee, FieldId, FieldSet, FieldValue};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::client::Session;
use crate::error::{Error, Fault};
use crate::extract::Extractor;
use crate::people::BOTH_FORMS;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Read<'a> {
    fields: &'a [FieldId],
    human_readable: &'static str,
}

impl Session {
    /// The person with this id or e-mail address, active or not; `None` if there is none, or none to be seen.
    pub async fn person(&mut self, id_or_email: &str, fields: &FieldSet) -> Result<Option<Employee>, Error> {
        // Without either it would be the name of another endpoint, such as `search`.
        let is_person = id_or_email.contains(|c: char| c == '@' || c.is_ascii_digit());
        let Some(url) = self.url(&["people", id_or_email]).filter(|_| is_person) else {
            return Ok(None);
        };

        let read = Read {
            fields: fields.ids(),
            human_readable: BOTH_FORMS,
        };
        let document = match self.post("people/{identifier}", url, &read).await {
            Ok(answer) => answer.document().await?,
            Err(Error::NotFound) => return Ok(None),
            Err(error) => return Err(error),
        };
        only_employee(&document, &Extractor::new(fields)).map_err(Error::from)
    }
}

/// The person of an answer about one: the documentation shows a list, HiBob sends the person alone.
fn only_employee(document: &[u8], extractor: &Extractor) -> Result<Option<Employee>, Fault> {
    #[derive(Deserialize)]
    struct List<'a> {
        #[serde(borrow)]
        employees: Option<Vec<&'a RawValue>>,
    }

    let list: List<'_> = serde_json::from_slice(document).map_err(|error| {
        if error.is_data() {
            Fault::Shape
        } else {
            Fault::Malformed
        }
    })?;
    let record = match list.employees.as_deref() {
        None => document,
        Some([]) => return Ok(None),
        Some([record]) => record.get().as_bytes(),
        Some(_) => return Err(Fault::Shape),
    };
    let employee = extractor.employee(record)?;
    match employee.get(control::ID) {
        FieldValue::Present(_) => Ok(Some(employee)),
        FieldValue::Absent | FieldValue::Empty => Err(Fault::Shape),
    }
}

#[cfg(test)]
mod tests;
