//! The lists that list fields take their values from.

use reqwest::Url;
use serde::Deserialize;
use serde_json::Value as Json;

use crate::client::Session;
use crate::error::{Error, Fault};

/// A named list of a company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedList {
    /// As a field's metadata names it; upper and lower case differ.
    pub name: String,
    /// Its items, archived ones included, since people may still have them.
    pub items: Vec<ListItem>,
}

/// One choice of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListItem {
    /// What a person's record holds in the machine form.
    pub id: String,
    /// What HiBob shows.
    pub label: String,
    /// Whether it can no longer be chosen.
    pub archived: bool,
    /// The choices below it.
    pub children: Vec<ListItem>,
}

/// HiBob sends the items twice, as `items` and as `values`, and documents the former.
#[derive(Deserialize)]
struct WireList {
    name: Option<String>,
    items: Option<Vec<WireItem>>,
    values: Option<Vec<WireItem>>,
}

#[derive(Deserialize)]
struct WireItem {
    id: Option<Json>,
    name: Option<Json>,
    value: Option<Json>,
    archived: Option<bool>,
    children: Option<Vec<WireItem>>,
}

impl Session {
    /// Every list of the company.
    pub async fn named_lists(&mut self) -> Result<Vec<NamedList>, Error> {
        let url = self
            .url(&["company", "named-lists"])
            .map(with_archived)
            .ok_or(Error::NotFound)?;
        let document = self.get("company/named-lists", url).await?.document().await?;
        Ok(read_all(&document)?)
    }

    /// The list of this name, if there is one.
    pub async fn named_list(&mut self, name: &str) -> Result<Option<NamedList>, Error> {
        let Some(url) = self.url(&["company", "named-lists", name]).map(with_archived) else {
            return Ok(None);
        };
        let document = match self.get("company/named-lists/{name}", url).await {
            Ok(answer) => answer.document().await?,
            Err(Error::NotFound) => return Ok(None),
            Err(error) => return Err(error),
        };
        Ok(Some(read_one(&document, name)?))
    }
}

fn with_archived(mut url: Url) -> Url {
    // In lower case: for any other spelling HiBob serves its login page.
    url.set_query(Some("includeArchived=true"));
    url
}

/// The documentation shows an array of lists, HiBob sends an object with the names as keys.
fn read_all(document: &[u8]) -> Result<Vec<NamedList>, Fault> {
    match serde_json::from_slice(document).map_err(|_| Fault::Malformed)? {
        Json::Array(lists) => lists.into_iter().map(|list| named(list, None)).collect(),
        Json::Object(lists) => lists
            .into_iter()
            .map(|(name, list)| named(list, Some(&name)))
            .collect(),
        _ => Err(Fault::Shape),
    }
}

fn read_one(document: &[u8], name: &str) -> Result<NamedList, Fault> {
    named(
        serde_json::from_slice(document).map_err(|_| Fault::Malformed)?,
        Some(name),
    )
}

fn named(list: Json, name: Option<&str>) -> Result<NamedList, Fault> {
    let list: WireList = serde_json::from_value(list).map_err(|_| Fault::Shape)?;
    let name = name.map(str::to_owned).or(list.name).ok_or(Fault::Shape)?;
    let items = list.items.or(list.values).ok_or(Fault::Shape)?;
    Ok(NamedList {
        name,
        items: usable(items),
    })
}

/// The items that have an id.
fn usable(items: Vec<WireItem>) -> Vec<ListItem> {
    items.into_iter().filter_map(WireItem::into_item).collect()
}

impl WireItem {
    fn into_item(self) -> Option<ListItem> {
        let id = text(self.id?)?;
        let label = self
            .name
            .and_then(text)
            .or_else(|| self.value.and_then(text))
            .unwrap_or_else(|| id.clone());
        let children = usable(self.children.unwrap_or_default());
        Some(ListItem {
            id,
            label,
            archived: self.archived.unwrap_or_default(),
            children,
        })
    }
}

/// Ids and labels are text or numbers; compared, they are text.
fn text(json: Json) -> Option<String> {
    match json {
        Json::String(text) => Some(text),
        Json::Number(number) => Some(number.to_string()),
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(id: &str, label: &str) -> ListItem {
        ListItem {
            id: id.to_owned(),
            label: label.to_owned(),
            archived: false,
            children: vec![],
        }
    }

    #[test]
    fn both_shapes_of_all_lists_are_read() {
        let site = NamedList {
            name: "site".to_owned(),
            items: vec![item("2606110", "London"), item("Full time", "Full time")],
        };
        let items =
            r#"[{"id":2606110,"value":"London","name":"London"},{"id":"Full time","value":"Full time"}]"#;

        let object = format!(r#"{{"site":{{"name":"site","values":{items},"items":{items}}}}}"#);
        assert_eq!(read_all(object.as_bytes()).as_deref(), Ok(&[site.clone()][..]));
        let array = format!(r#"[{{"name":"site","items":{items}}}]"#);
        assert_eq!(read_all(array.as_bytes()).as_deref(), Ok(&[site.clone()][..]));
        let values_only = format!(r#"{{"name":"site","values":{items}}}"#);
        assert_eq!(read_one(values_only.as_bytes(), "site"), Ok(site));
    }

    #[test]
    fn a_hierarchy_keeps_its_branches_and_its_archive() {
        let document = br#"{"name":"orgLevels","items":[
            {"id":1,"name":"Europe","archived":false,"children":[{"id":"2","name":"Lisbon","archived":true,"children":null}]},
            {"id":null,"name":"nobody can have this"}, {"id":"3"}]}"#;

        let lisbon = ListItem {
            archived: true,
            ..item("2", "Lisbon")
        };
        let europe = ListItem {
            children: vec![lisbon],
            ..item("1", "Europe")
        };
        assert_eq!(
            read_one(document, "orgLevels").map(|list| list.items),
            Ok(vec![europe, item("3", "3")])
        );
    }

    #[test]
    fn anything_else_is_a_fault() {
        for document in [
            "7",
            r#"[{"items":[]}]"#,
            r#"{"site":{"name":"site"}}"#,
            r#"{"site":[]}"#,
            "[[]]",
        ] {
            assert_eq!(read_all(document.as_bytes()), Err(Fault::Shape), "{document}");
        }
        assert_eq!(read_all(b"{"), Err(Fault::Malformed));
        assert_eq!(read_one(br#"{"key":"x","error":"y"}"#, "site"), Err(Fault::Shape));
    }
}
