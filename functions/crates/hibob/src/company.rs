//! Which company the credentials belong to.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::client::Session;
use crate::error::{Error, Fault};
use crate::split::Splitter;

/// The company whose HiBob answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Company {
    /// Its id.
    Known(String),
    /// Nobody is to be seen, or nobody's company.
    Unseen,
}

/// Asks for as little of everybody as an answer can hold.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Search {
    fields: [&'static str; 2],
    show_inactive: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    company_id: Option<Json>,
}

impl Session {
    /// The company of the first person of an answer, whose rest is not read.
    pub async fn company(&mut self) -> Result<Company, Error> {
        let url = self.url(&["people", "search"]).ok_or(Error::NotFound)?;
        let search = Search {
            fields: ["root.id", "root.companyId"],
            show_inactive: true,
        };
        let mut answer = self.post("people/search", url, &search).await?;
        let mut splitter = Splitter::new();
        loop {
            if let Some(record) = splitter.next()? {
                return Ok(company_of(record)?);
            }
            match answer.chunk().await? {
                Some(chunk) => splitter.push(&chunk),
                None => return Ok(splitter.finish().map(|()| Company::Unseen)?),
            }
        }
    }
}

fn company_of(record: &[u8]) -> Result<Company, Fault> {
    let record: Record = serde_json::from_slice(record).map_err(|_| Fault::Malformed)?;
    Ok(match record.company_id {
        Some(Json::String(id)) if !id.is_empty() => Company::Known(id),
        Some(Json::Number(id)) => Company::Known(id.to_string()),
        _ => Company::Unseen,
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::scripted_server::Step::{Pause, Send};
    use crate::scripted_server::{ScriptedServer, head, json};

    async fn company(answer: &str) -> Result<Company, Error> {
        ScriptedServer::answering(json(answer))
            .await
            .session()
            .company()
            .await
    }

    #[tokio::test]
    async fn the_first_person_tells_the_company_in_either_spelling() {
        let known = |id: &str| Company::Known(id.to_owned());
        let number = r#"{"employees":[{"id":"1","companyId":637465},{"id":"2","companyId":7}]}"#;
        assert_eq!(company(number).await.unwrap(), known("637465"));
        let text = r#"{"employees":[{"id":"1","companyId":"637465"}]}"#;
        assert_eq!(company(text).await.unwrap(), known("637465"));
    }

    #[tokio::test]
    async fn nobody_or_nobodys_company_is_unseen() {
        for answer in [
            r#"{"employees":[]}"#,
            r#"{"employees":[{"id":"1"}]}"#,
            r#"{"employees":[{"id":"1","companyId":null}]}"#,
        ] {
            assert_eq!(company(answer).await.unwrap(), Company::Unseen, "{answer}");
        }
        assert!(matches!(
            company(r#"{"employees":"#).await,
            Err(Error::BadAnswer(_))
        ));
    }

    #[tokio::test]
    async fn the_rest_of_the_answer_is_not_waited_for() {
        let begun = head(
            "200 OK",
            &["Content-Type: application/json", "Content-Length: 100000"],
        );
        let steps = vec![
            Send(begun),
            Send(br#"{"employees":[{"companyId":1},"#.to_vec()),
            Pause(Duration::from_mins(1)),
        ];
        let server = ScriptedServer::playing(steps).await;
        let read = tokio::time::timeout(Duration::from_secs(5), async {
            server.session().company().await.unwrap()
        });
        assert_eq!(read.await.unwrap(), Company::Known("1".to_owned()));
    }
}
