use std::collections::BTreeMap;

use embedded_aws::Template;
use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::Error;

/// One route of the template: what is answered, by which function, and to whom.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    /// As in `/api/runs/{run}`.
    pub path: String,
    /// In capitals.
    pub method: String,
    /// The logical id of the function.
    pub function: String,
    /// Whether everybody is answered, without a token.
    pub is_public: bool,
}

impl Route {
    /// All routes that a template's functions have.
    pub fn all(template: &Template) -> Result<Vec<Self>, Error> {
        let mut routes = Vec::new();
        for (function, resource) in template.resources_of("AWS::Serverless::Function") {
            let events = resource.properties["Events"].as_object();
            for event in events.into_iter().flat_map(|events| events.values()) {
                if event["Type"] == "HttpApi" {
                    let route = Self::read(function, &event["Properties"]);
                    routes.push(route.ok_or(Error::Definition("routes"))?);
                }
            }
        }
        Ok(routes)
    }

    fn read(function: &str, properties: &Value) -> Option<Self> {
        Some(Self {
            path: properties["Path"].as_str()?.to_owned(),
            method: properties["Method"].as_str()?.to_uppercase(),
            function: function.to_owned(),
            is_public: properties["Auth"]["Authorizer"] == "NONE",
        })
    }

    /// What logs and events call it.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The values of the path's parameters, decoded, if the route is for this path.
    pub(crate) fn parameters(&self, path: &str) -> Option<BTreeMap<String, String>> {
        let mut parameters = BTreeMap::new();
        let mut asked = Some(path);
        for expected in self.path.split('/') {
            let name = parameter(expected);
            let rest = asked?;
            let (segment, others) = match name.and_then(|name| name.strip_suffix('+')) {
                // A greedy one stands for all that is left.
                Some(_) => (rest, None),
                None => match rest.split_once('/') {
                    Some((segment, others)) => (segment, Some(others)),
                    None => (rest, None),
                },
            };
            match name {
                // A parameter stands for something.
                Some(_) if segment.is_empty() => return None,
                Some(name) => {
                    parameters.insert(name.trim_end_matches('+').to_owned(), decoded(segment));
                }
                None if segment == expected => {}
                None => return None,
            }
            asked = others;
        }
        asked.is_none().then_some(parameters)
    }
}

/// The route for a request. One without parameters goes before one with them.
pub(crate) fn find<'a>(
    routes: &'a [Route],
    method: &str,
    path: &str,
) -> Option<(&'a Route, BTreeMap<String, String>)> {
    let fitting = routes
        .iter()
        .filter(|route| route.method == method || route.method == "ANY");
    let matches = fitting.filter_map(|route| Some((route, route.parameters(path)?)));
    matches.min_by_key(|(_, parameters)| parameters.len())
}

fn parameter(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

/// What the gateway makes of a path before anybody sees it.
pub(crate) fn decoded(path: &str) -> String {
    percent_decode_str(path).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(method: &str, path: &str) -> Route {
        Route {
            path: path.to_owned(),
            method: method.to_owned(),
            function: "F".to_owned(),
            is_public: false,
        }
    }

    #[test]
    fn a_parameter_is_one_segment_and_is_decoded() {
        let route = route("GET", "/runs/{run}/people");
        let parameters = route.parameters("/runs/2026-11-24T03%3A30/people").unwrap();
        assert_eq!(parameters["run"], "2026-11-24T03:30");
        for other in ["/runs/a", "/runs//people", "/runs/a/b/people", "/runs/a/people/"] {
            assert_eq!(route.parameters(other), None, "{other}");
        }
    }

    #[test]
    fn a_greedy_parameter_is_all_that_is_left() {
        let route = route("GET", "/assets/{path+}");
        assert_eq!(
            route.parameters("/assets/v1/a%20b.js").unwrap()["path"],
            "v1/a b.js"
        );
        assert_eq!(route.parameters("/assets/"), None);
        assert_eq!(route.parameters("/assets"), None);
    }

    #[test]
    fn a_fixed_path_goes_before_one_with_a_parameter_and_the_method_has_to_fit() {
        let routes = [
            route("GET", "/runs/{run}"),
            route("GET", "/runs/last"),
            route("PUT", "/runs"),
        ];
        let found = |method, path| find(&routes, method, path).map(|(route, _)| route.key());
        assert_eq!(found("GET", "/runs/last").unwrap(), "GET /runs/last");
        assert_eq!(found("GET", "/runs/1").unwrap(), "GET /runs/{run}");
        assert_eq!(found("GET", "/runs"), None);
    }
}
