//! A mapping as an admin would make it from HiBob's own metadata.

use std::time::{Duration, Instant};

use hibob::{Client, Credentials, FieldMetadata};
use provisioning::{Mapping, MappingDocument, MappingDocumentEntry, SourceField, WhenEmpty};

/// Targets and their sources; nothing that moves with the clock is among them.
const MAPPED: [(&str, &str); 25] = [
    ("email", "root.email"),
    ("firstName", "root.firstName"),
    ("lastName", "root.surname"),
    ("displayName", "root.displayName"),
    ("employeeNumber", "work.employeeIdInCompany"),
    ("jobTitle", "work.title"),
    ("department", "work.department"),
    ("division", "work.customColumns.column_1639496202710"),
    ("location", "work.siteId"),
    ("country", "address.siteCountry"),
    ("teams", "work.customColumns.column_1712065124837"),
    ("groups", "payroll.employment.contract"),
    ("birthday", "personal.birthDate"),
    ("startDate", "work.startDate"),
    ("endDate", "internal.terminationDate"),
    ("reportsTo", "work.reportsTo"),
    ("employeeStatus", "internal.status"),
    ("lifecycleStatus", "internal.lifecycleStatus"),
    ("employeeType", "payroll.employment.type"),
    ("personalEmail", "home.privateEmail"),
    ("custom:Shirt size", "about.custom.field_1651169416679"),
    ("custom:Cost centre", "work.custom.field_1644932887286"),
    ("custom:Share of full time", "payroll.employment.fte"),
    ("custom:Takes part", "work.custom.field_1690000000005"),
    ("custom:Recognition budget", "work.custom.field_1690000000006"),
];

/// [`MAPPED`] with the types and categories that HiBob tells this service user.
pub(crate) async fn mapping(base_url: &str, service_user: &str, token: &str) -> Mapping {
    let client = Client::new(base_url.parse().unwrap(), hibob::http_client().unwrap());
    let credentials = Credentials::new(service_user, token);
    let mut session = client.session(credentials, Instant::now() + Duration::from_mins(1));
    let fields = session.fields().await.unwrap();
    let entries = MAPPED.iter().map(|(target, source)| MappingDocumentEntry {
        target: (*target).to_owned(),
        sources: vec![field(&fields, source)],
        when_empty: WhenEmpty::Clear,
    });
    let document = MappingDocument {
        entries: entries.collect(),
    };
    document.try_into().unwrap()
}

fn field(fields: &[FieldMetadata], id: &str) -> SourceField {
    let field = fields.iter().find(|field| field.id.as_str() == id).unwrap();
    SourceField {
        id: field.id.clone(),
        field_type: field.field_type,
        category: field.category.clone(),
    }
}
