//! Reads XML more strictly than XML requires, so that no two readers can see two documents in one text.

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

/// What a document may hold.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    /// Its longest text, in bytes.
    pub(crate) bytes: usize,
    /// Its most elements. Each costs far more to keep and to verify than the four bytes that it can be written with.
    pub(crate) elements: usize,
    /// Whether comments and CDATA sections may stand in it. Where a signature is verified, readers disagree on what text is
    /// when one of them splits it.
    pub(crate) comments: bool,
}

const DEEPEST: usize = 32;
const MOST_ATTRIBUTES: usize = 64;

/// Why a text was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum XmlFault {
    TooLarge,
    TooDeep,
    Malformed,
    Forbidden,
}

/// An element with all that is in it. Texts have their references resolved.
pub(crate) struct Element {
    pub(crate) namespace: String,
    pub(crate) name: String,
    attributes: Vec<(String, String)>,
    /// The text directly in it, in one piece.
    pub(crate) text: String,
    pub(crate) children: Vec<Element>,
}

impl Element {
    /// The document's only root.
    pub(crate) fn read(text: &str, limits: Limits) -> Result<Self, XmlFault> {
        if text.len() > limits.bytes {
            return Err(XmlFault::TooLarge);
        }
        if !text.chars().all(is_xml_char) {
            return Err(XmlFault::Malformed);
        }
        let mut reader = NsReader::from_str(text);
        reader.resolver_mut().set_max_namespace_bindings(MOST_ATTRIBUTES);
        let mut open: Vec<Self> = Vec::new();
        let mut root = None;
        let mut elements = 0;
        loop {
            let (namespace, event) = reader.read_resolved_event().map_err(|_| XmlFault::Malformed)?;
            if matches!(event, Event::Start(_) | Event::Empty(_)) {
                elements += 1;
                if elements > limits.elements {
                    return Err(XmlFault::TooLarge);
                }
            }
            let closed = match event {
                Event::Start(start) => {
                    open.push(Self::opened(&namespace, &start)?);
                    if open.len() > DEEPEST {
                        return Err(XmlFault::TooDeep);
                    }
                    continue;
                }
                Event::Empty(start) => Self::opened(&namespace, &start)?,
                Event::End(_) => open.pop().ok_or(XmlFault::Malformed)?,
                Event::Text(text) => {
                    append(&mut open, &text.xml10_content())?;
                    continue;
                }
                Event::GeneralRef(reference) => {
                    let parent = open.last_mut().ok_or(XmlFault::Malformed)?;
                    parent.text.push_str(&resolved(&reference)?);
                    continue;
                }
                Event::CData(data) if limits.comments => {
                    append(&mut open, &data.xml10_content())?;
                    continue;
                }
                Event::Comment(_) if limits.comments => continue,
                Event::Decl(declaration) => {
                    check_declaration(&declaration)?;
                    continue;
                }
                Event::Comment(_) | Event::CData(_) | Event::PI(_) | Event::DocType(_) => {
                    return Err(XmlFault::Forbidden);
                }
                Event::Eof => break,
            };
            match open.last_mut() {
                Some(parent) => parent.children.push(closed),
                None if root.is_none() => root = Some(closed),
                None => return Err(XmlFault::Malformed),
            }
        }
        if open.is_empty() {
            root.ok_or(XmlFault::Malformed)
        } else {
            Err(XmlFault::Malformed)
        }
    }

    /// The value of an attribute that has no prefix.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// Every attribute, by its name as written.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.attributes
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The element and all below it, in document order.
    pub(crate) fn descendants(&self) -> Vec<&Self> {
        fn collect<'a>(element: &'a Element, found: &mut Vec<&'a Element>) {
            found.push(element);
            for child in &element.children {
                collect(child, found);
            }
        }
        let mut found = Vec::new();
        collect(self, &mut found);
        found
    }

    /// Whether it is the named element of a namespace.
    pub(crate) fn is(&self, namespace: &str, name: &str) -> bool {
        self.namespace == namespace && self.name == name
    }

    /// The named elements of a namespace that stand directly in it.
    pub(crate) fn all<'a>(&'a self, namespace: &'a str, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children
            .iter()
            .filter(move |child| child.is(namespace, name))
    }

    /// The first of them.
    pub(crate) fn first(&self, namespace: &str, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.is(namespace, name))
    }

    /// An element that holds nothing.
    pub(crate) fn empty() -> Self {
        Self {
            namespace: String::new(),
            name: String::new(),
            attributes: Vec::new(),
            text: String::new(),
            children: Vec::new(),
        }
    }

    fn opened(namespace: &ResolveResult<'_>, start: &BytesStart<'_>) -> Result<Self, XmlFault> {
        let namespace = match namespace {
            ResolveResult::Bound(namespace) => namespace.into_inner().to_owned(),
            ResolveResult::Unbound => String::new(),
            ResolveResult::Unknown(_) => return Err(XmlFault::Malformed),
        };
        if !is_name(start.name().into_inner()) {
            return Err(XmlFault::Malformed);
        }
        let mut attributes: Vec<(String, String)> = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|_| XmlFault::Malformed)?;
            let name = attribute.key.into_inner();
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|_| XmlFault::Malformed)?
                .into_owned();
            // The library reads attributes by their local names, and takes the first.
            let twin = attributes.iter().any(|(other, _)| local(other) == local(name));
            if !is_name(name) || attribute.value.contains('<') || twin {
                return Err(XmlFault::Malformed);
            }
            attributes.push((name.to_owned(), value));
            if attributes.len() > MOST_ATTRIBUTES {
                return Err(XmlFault::TooDeep);
            }
        }
        Ok(Self {
            namespace,
            name: start.local_name().into_inner().to_owned(),
            attributes,
            text: String::new(),
            children: Vec::new(),
        })
    }
}

/// Text belongs to the element that is open; outside the root, only white space may stand.
fn append(open: &mut [Element], text: &str) -> Result<(), XmlFault> {
    match open.last_mut() {
        Some(parent) => parent.text.push_str(text),
        None if text.trim_ascii().is_empty() => {}
        None => return Err(XmlFault::Malformed),
    }
    Ok(())
}

/// A character reference or one of the five predefined entities; there are no others without a document type.
fn resolved(reference: &BytesRef<'_>) -> Result<String, XmlFault> {
    match reference.resolve_char_ref() {
        Ok(Some(c)) if is_xml_char(c) => Ok(c.to_string()),
        Ok(None) => resolve_predefined_entity(reference)
            .map(str::to_owned)
            .ok_or(XmlFault::Forbidden),
        _ => Err(XmlFault::Malformed),
    }
}

/// The text has already been decoded as UTF-8: a declaration must not say otherwise.
fn check_declaration(declaration: &BytesDecl<'_>) -> Result<(), XmlFault> {
    let version = declaration.version().map_err(|_| XmlFault::Malformed)?;
    let encoding = declaration
        .encoding()
        .transpose()
        .map_err(|_| XmlFault::Malformed)?;
    let utf8 = encoding.is_none_or(|encoding| encoding.eq_ignore_ascii_case("utf-8"));
    if version == "1.0" && utf8 {
        Ok(())
    } else {
        Err(XmlFault::Malformed)
    }
}

/// The part of a name behind its prefix.
fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// A name in ASCII letters, with at most one prefix.
fn is_name(name: &str) -> bool {
    name.matches(':').count() <= 1
        && name.split(':').all(|part| {
            part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && part
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b))
        })
}

/// A character that XML 1.0 allows.
fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}
