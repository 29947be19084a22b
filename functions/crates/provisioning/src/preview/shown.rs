//! Values as they are shown: no longer than somebody reads, and together no more than is kept of a preview.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::PreviewedEdit;
use crate::plan::Edit;
use crate::value::Value;

/// Longer texts are cut.
const MOST_CHARACTERS: usize = 200;
/// Longer lists are cut.
const MOST_TEXTS: usize = 5;
const MOST_EDITS: usize = 60;
/// Of one person's edits. Those of twenty people fit an item of DynamoDB, which takes 400 KB, beside the mapping.
const MOST_BYTES: usize = 8_000;

/// A value as it is shown. What was cut ends with an ellipsis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Shown {
    /// Text, address, date or birthday.
    Text(String),
    /// Several texts.
    List(Vec<String>),
}

impl From<Value> for Shown {
    fn from(value: Value) -> Self {
        match value {
            Value::Text(text) => Self::Text(cut(&text)),
            Value::List(texts) => {
                let mut shown: Vec<String> = texts.iter().take(MOST_TEXTS).map(|text| cut(text)).collect();
                if texts.len() > MOST_TEXTS {
                    shown.pop();
                    shown.push("…".to_owned());
                }
                Self::List(shown)
            }
        }
    }
}

impl From<Edit> for PreviewedEdit {
    fn from(edit: Edit) -> Self {
        Self {
            target: edit.target.into(),
            before: edit.before.map(Shown::from),
            after: edit.after.map(Shown::from),
        }
    }
}

/// A text as it is shown.
pub(super) fn cut(text: &str) -> String {
    if text.chars().count() <= MOST_CHARACTERS {
        return text.to_owned();
    }
    text.chars()
        .take(MOST_CHARACTERS - 1)
        .chain(std::iter::once('…'))
        .collect()
}

/// The first edits, as many as are kept.
pub(super) fn as_many_as_fit(edits: Vec<PreviewedEdit>) -> Vec<PreviewedEdit> {
    let mut bytes = 0;
    edits
        .into_iter()
        .take(MOST_EDITS)
        .take_while(|edit| {
            bytes += size(edit);
            bytes <= MOST_BYTES
        })
        .collect()
}

/// About how many bytes an edit takes up as JSON.
fn size(edit: &PreviewedEdit) -> usize {
    const NAMES: usize = 40;
    let of = |shown: &Option<Shown>| match shown {
        None => 4,
        Some(Shown::Text(text)) => written(text),
        Some(Shown::List(texts)) => texts.iter().map(|text| written(text)).sum(),
    };
    NAMES + edit.target.len() + of(&edit.before) + of(&edit.after)
}

fn written(text: &str) -> usize {
    const QUOTES: usize = 3;
    let escaped = |character: char| match character {
        '"' | '\\' => 2,
        _ if character.is_control() => 6,
        _ => character.len_utf8(),
    };
    QUOTES + text.chars().map(escaped).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(after: Shown) -> PreviewedEdit {
        PreviewedEdit {
            target: "custom:notes".to_owned(),
            before: None,
            after: Some(after),
        }
    }

    #[test]
    fn a_long_text_or_list_is_cut_and_says_so() {
        assert_eq!(cut(&"ü".repeat(200)), "ü".repeat(200));
        assert_eq!(cut(&"ü".repeat(201)), format!("{}…", "ü".repeat(199)));
        let texts = (0..9).map(|number| number.to_string().into()).collect();
        let shown = Shown::from(Value::List(texts));
        let five = ["0", "1", "2", "3", "…"].map(str::to_owned);
        assert_eq!(shown, Shown::List(five.into()));
    }

    #[test]
    fn of_many_or_long_edits_some_are_kept() {
        let short = edit(Shown::Text("x".to_owned()));
        assert_eq!(as_many_as_fit(vec![short; 61]).len(), MOST_EDITS);
        let long = edit(Shown::List(vec!["\u{1}".repeat(200); 5]));
        let kept = as_many_as_fit(vec![long; 60]);
        assert!(serde_json::to_string(&kept).unwrap().len() <= MOST_BYTES);
        assert!(!kept.is_empty());
    }
}
