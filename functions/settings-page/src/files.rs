//! The files of the page, which are part of the binary.

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        /// Every file below `page`, the document itself aside, with its path there.
        pub(crate) const FILES: &[(&str, &[u8])] = &[
            $(($name, include_bytes!(concat!("../page/", $name)))),*
        ];
    };
}

/// The document, whose addresses of files are still without a version.
pub(crate) const INDEX: &str = include_str!("../page/index.html");

files! {
    "api.js",
    "chart.js",
    "connect.js",
    "copy-field.js",
    "dialog.js",
    "disconnect.js",
    "draft.js",
    "field-picker.js",
    "fields.js",
    "format.js",
    "guide.js",
    "icon.svg",
    "main.js",
    "mapping-row.js",
    "mapping.js",
    "page.css",
    "people.js",
    "preview.js",
    "proof.js",
    "runs.js",
    "samples.js",
    "scope.js",
    "session.js",
    "settings.js",
    "sso-admins.js",
    "sso-provider.js",
    "sso-state.js",
    "sso-values.js",
    "sso.js",
    "stale.js",
    "status.js",
    "store.js",
    "texts.js",
    "ui.js",
    "vendor/LICENSE.txt",
    "vendor/lit-html.js",
}
