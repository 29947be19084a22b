//! Changes that somebody might make to an answer that was signed: to its bytes, its elements, its names and its values.

use std::ops::Range;

use rand::RngExt as _;
use rand::seq::IndexedRandom as _;
use rand_chacha::ChaCha8Rng;

/// What readers of XML have tripped over.
const TRICKS: &[&str] = &[
    "<!---->",
    "<!--x-->",
    "<?x?>",
    "<![CDATA[x]]>",
    "<![CDATA[",
    "]]>",
    "<!DOCTYPE x [<!ENTITY e \"eve@example.com\">]>",
    "&e;",
    "&amp;",
    "&#0;",
    "&#x40;",
    "&lt;!--",
    "\u{0}",
    "\u{feff}",
    "\u{202e}",
    "\u{e9}",
    "\r\n",
    " ",
    "<a>",
    "</a>",
    "<a/>",
    " ID=\"x\"",
    " xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\"",
    " xmlns:saml=\"urn:x\"",
    " xml:space=\"preserve\"",
    "eve@example.com",
    "eve@example.com,",
    "</saml:NameID><saml:NameID>",
    "</saml:Assertion><saml:Assertion>",
];

/// What an element can be hidden in.
const WRAPPERS: &[(&str, &str)] = &[
    ("<a>", "</a>"),
    ("<ds:Object>", "</ds:Object>"),
    ("<samlp:Extensions>", "</samlp:Extensions>"),
    ("<saml:Advice>", "</saml:Advice>"),
    (
        "<saml:SubjectConfirmationData>",
        "</saml:SubjectConfirmationData>",
    ),
    ("<saml:AttributeValue>", "</saml:AttributeValue>"),
    (
        "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\">",
        "</samlp:Response>",
    ),
    ("<!--", "-->"),
    ("<![CDATA[", "]]>"),
];

/// An element of a text: with its tags, and without them.
struct Span {
    name: Range<usize>,
    outer: Range<usize>,
    inner: Range<usize>,
}

/// One change to a document, perhaps with a part of another.
pub(crate) fn mutate(random: &mut ChaCha8Rng, document: &mut Vec<u8>, donor: &[u8]) {
    // Most of what is done to single bytes is no XML any more, and found out at once.
    match random.random_range(0..40) {
        0 => replace_byte(random, document),
        1 => remove_bytes(random, document),
        2 => repeat_bytes(random, document),
        3 => {
            let place = random.random_range(0..=document.len());
            insert(random, document, place);
        }
        4..8 => remove_element(random, document),
        8..12 => copy_element(random, document, None),
        12..16 => copy_element(random, document, Some(donor)),
        16..20 => move_element(random, document),
        20..24 => replace_by_namesake(random, document, donor),
        24..28 => replace_value(random, document, donor),
        28..31 => wrap_element(random, document),
        31..34 => rename_element(random, document),
        34..37 => trick_in_text(random, document),
        _ => swap_elements(random, document),
    }
}

fn replace_byte(random: &mut ChaCha8Rng, document: &mut [u8]) {
    if let Some(place) = any_place(random, document) {
        document[place] = random.random();
    }
}

fn remove_bytes(random: &mut ChaCha8Rng, document: &mut Vec<u8>) {
    if let Some(slice) = any_slice(random, document) {
        document.drain(slice);
    }
}

fn repeat_bytes(random: &mut ChaCha8Rng, document: &mut Vec<u8>) {
    if let Some(slice) = any_slice(random, document) {
        let bytes = document[slice].to_vec();
        let place = random.random_range(0..=document.len());
        document.splice(place..place, bytes);
    }
}

fn insert(random: &mut ChaCha8Rng, document: &mut Vec<u8>, place: usize) {
    let trick = TRICKS.choose(random).copied().unwrap_or_default();
    document.splice(place..place, trick.bytes());
}

fn remove_element(random: &mut ChaCha8Rng, document: &mut Vec<u8>) {
    if let Some(element) = spans(document).choose(random) {
        document.drain(element.outer.clone());
    }
}

/// An element of this document or another, at the edge of some element.
fn copy_element(random: &mut ChaCha8Rng, document: &mut Vec<u8>, donor: Option<&[u8]>) {
    let source = donor.unwrap_or(document);
    let Some(copied) = spans(source)
        .choose(random)
        .map(|found| source[found.outer.clone()].to_vec())
    else {
        return;
    };
    if let Some(place) = any_edge(random, document) {
        document.splice(place..place, copied);
    }
}

fn move_element(random: &mut ChaCha8Rng, document: &mut Vec<u8>) {
    let Some(moved) = spans(document).choose(random).map(|found| found.outer.clone()) else {
        return;
    };
    let element: Vec<u8> = document.drain(moved).collect();
    if let Some(place) = any_edge(random, document) {
        document.splice(place..place, element);
    }
}

/// Another document's element in the place of one of the same name: as a whole, or only what is in it.
fn replace_by_namesake(random: &mut ChaCha8Rng, document: &mut Vec<u8>, donor: &[u8]) {
    let found = spans(document);
    let Some(replaced) = found.choose(random) else {
        return;
    };
    let name = &document[replaced.name.clone()];
    let donors: Vec<Span> = spans(donor)
        .into_iter()
        .filter(|span| donor[span.name.clone()] == *name)
        .collect();
    if let Some(other) = donors.choose(random) {
        if random.random() {
            document.splice(replaced.outer.clone(), donor[other.outer.clone()].iter().copied());
        } else {
            document.splice(replaced.inner.clone(), donor[other.inner.clone()].iter().copied());
        }
    }
}

/// An attribute's value, by another of this document or the other one.
fn replace_value(random: &mut ChaCha8Rng, document: &mut Vec<u8>, donor: &[u8]) {
    let Some(place) = values(document).choose(random).cloned() else {
        return;
    };
    let source = if random.random() {
        donor
    } else {
        document.as_slice()
    };
    if let Some(value) = values(source).choose(random) {
        let value = source[value.clone()].to_vec();
        document.splice(place, value);
    }
}

fn wrap_element(random: &mut ChaCha8Rng, document: &mut Vec<u8>) {
    let (Some(element), Some((open, close))) = (
        spans(document).choose(random).map(|found| found.outer.clone()),
        WRAPPERS.choose(random),
    ) else {
        return;
    };
    document.splice(element.end..element.end, close.bytes());
    document.splice(element.start..element.start, open.bytes());
}

fn rename_element(random: &mut ChaCha8Rng, document: &mut Vec<u8>) {
    let found = spans(document);
    let (Some(renamed), Some(other)) = (found.choose(random), found.choose(random)) else {
        return;
    };
    let (old, new) = (
        document[renamed.name.clone()].to_vec(),
        document[other.name.clone()].to_vec(),
    );
    let end = renamed.inner.end + 2..renamed.inner.end + 2 + old.len();
    if document.get(end.clone()) == Some(old.as_slice()) {
        document.splice(end, new.iter().copied());
    }
    document.splice(renamed.name.clone(), new);
}

fn trick_in_text(random: &mut ChaCha8Rng, document: &mut Vec<u8>) {
    let found = spans(document);
    let leaves: Vec<&Span> = found
        .iter()
        .filter(|span| !span.inner.is_empty() && !document[span.inner.clone()].contains(&b'<'))
        .collect();
    if let Some(leaf) = leaves.choose(random) {
        let place = random.random_range(leaf.inner.clone());
        insert(random, document, place);
    }
}

fn swap_elements(random: &mut ChaCha8Rng, document: &mut Vec<u8>) {
    let found = spans(document);
    let (Some(one), Some(other)) = (found.choose(random), found.choose(random)) else {
        return;
    };
    let (first, second) = if one.outer.start <= other.outer.start {
        (one, other)
    } else {
        (other, one)
    };
    if first.outer.end > second.outer.start {
        return;
    }
    let (early, late) = (
        document[first.outer.clone()].to_vec(),
        document[second.outer.clone()].to_vec(),
    );
    document.splice(second.outer.clone(), early);
    document.splice(first.outer.clone(), late);
}

fn any_place(random: &mut ChaCha8Rng, document: &[u8]) -> Option<usize> {
    (!document.is_empty()).then(|| random.random_range(0..document.len()))
}

fn any_slice(random: &mut ChaCha8Rng, document: &[u8]) -> Option<Range<usize>> {
    let start = any_place(random, document)?;
    let longest = (document.len() - start).min(64);
    Some(start..start + random.random_range(1..=longest))
}

/// Where an element can stand: before, within or behind another.
fn any_edge(random: &mut ChaCha8Rng, document: &[u8]) -> Option<usize> {
    let found = spans(document);
    let span = found.choose(random)?;
    let edges = [span.outer.start, span.inner.start, span.inner.end, span.outer.end];
    edges.choose(random).copied()
}

/// The elements of a text, as far as its tags pair up.
fn spans(document: &[u8]) -> Vec<Span> {
    let mut found = Vec::new();
    let mut open: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    let mut place = 0;
    while let Some(start) = position(document, place, b'<') {
        let Some(end) = position(document, start, b'>') else {
            break;
        };
        place = end + 1;
        let (is_end, is_empty) = (document.get(start + 1) == Some(&b'/'), document[end - 1] == b'/');
        if is_end {
            if let Some((name, tag)) = open.pop() {
                found.push(Span {
                    name,
                    outer: tag.start..end + 1,
                    inner: tag.end..start,
                });
            }
            continue;
        }
        let length = document[start + 1..end]
            .iter()
            .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b':')
            .count();
        if length == 0 {
            continue;
        }
        let name = start + 1..start + 1 + length;
        if is_empty {
            found.push(Span {
                name,
                outer: start..end + 1,
                inner: end + 1..end + 1,
            });
        } else {
            open.push((name, start..end + 1));
        }
    }
    found
}

/// What stands between quotes.
fn values(document: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut place = 0;
    while let Some(start) = position(document, place, b'"') {
        let Some(end) = position(document, start + 1, b'"') else {
            break;
        };
        found.push(start + 1..end);
        place = end + 1;
    }
    found
}

fn position(document: &[u8], from: usize, byte: u8) -> Option<usize> {
    let found = document.get(from..)?.iter().position(|it| *it == byte)?;
    Some(from + found)
}
