use embedded_aws::Template;
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, Validation, decode, decode_header};
use serde_json::{Map, Value, json};

use crate::claims::as_strings;
use crate::{Error, PublicKey};

/// Checks tokens as the gateway's own authorizer does, without leniency about the time.
#[derive(Debug)]
pub(crate) struct Authorizer {
    issuer: String,
    audience: Vec<String>,
    key: PublicKey,
}

/// Why a token is not accepted, in the words of the header `www-authenticate`; none for a request that has no token.
pub(crate) type Refusal = Option<&'static str>;

impl Authorizer {
    /// The authorizer that the API's routes have by default.
    pub(crate) fn read(api: &Value, key: PublicKey) -> Result<Self, Error> {
        let wrong = || Error::Definition("authorizer");
        let auth = &api["Auth"];
        let name = auth["DefaultAuthorizer"].as_str().ok_or_else(wrong)?;
        let authorizer = &auth["Authorizers"][name];
        let jwt = &authorizer["JwtConfiguration"];
        let audience = jwt["audience"].as_array().ok_or_else(wrong)?;
        if authorizer["IdentitySource"] != "$request.header.Authorization" {
            return Err(wrong());
        }
        Ok(Self {
            issuer: jwt["issuer"].as_str().ok_or_else(wrong)?.to_owned(),
            audience: audience
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
            key,
        })
    }

    /// What the function is told about the caller: the claims, all as strings.
    pub(crate) fn authorize(&self, header: Option<&str>, now: Timestamp) -> Result<Value, Refusal> {
        let header = header.ok_or(None)?;
        // The scheme may be left out.
        let token = match header.split_once(' ') {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
            _ => header.trim(),
        };
        if token.is_empty() {
            return Err(None);
        }
        let claims = self.verified(token).map_err(Some)?;
        self.check(&claims, now).map_err(Some)?;
        Ok(json!({"jwt": {"claims": as_strings(&claims), "scopes": null}}))
    }

    fn verified(&self, token: &str) -> Result<Map<String, Value>, &'static str> {
        let header = decode_header(token).map_err(|_| "the token is not a signed one")?;
        if header.kid.as_deref() != Some(self.key.id) {
            return Err("the token is signed with an unknown key");
        }
        let mut validation = Validation::new(Algorithm::RS256);
        // The claims are checked against another clock than the library's.
        validation.validate_exp = false;
        validation.validate_aud = false;
        validation.required_spec_claims.clear();
        let verified = decode(token, &self.key.key, &validation);
        verified
            .map(|token| token.claims)
            .map_err(|_| "the token's signature is invalid")
    }

    fn check(&self, claims: &Map<String, Value>, now: Timestamp) -> Result<(), &'static str> {
        let instant = |name: &str| match claims.get(name) {
            None => Ok(None),
            Some(value) => value.as_f64().map(Some).ok_or("the token has a malformed time"),
        };
        let now = now.as_duration().as_secs_f64();
        if claims.get("iss").and_then(Value::as_str) != Some(&self.issuer) {
            return Err("the token has an invalid issuer");
        }
        if !self.is_for_us(claims) {
            return Err("the token does not have a valid audience");
        }
        if instant("exp")?.is_none_or(|end| end <= now) {
            return Err("the token has expired");
        }
        if instant("nbf")?.is_some_and(|begin| begin > now) || instant("iat")?.is_some_and(|at| at > now) {
            return Err("the token is not valid yet");
        }
        Ok(())
    }

    /// `client_id` counts only where there is no audience.
    fn is_for_us(&self, claims: &Map<String, Value>) -> bool {
        let named = |value: &Value| {
            value
                .as_str()
                .is_some_and(|name| self.audience.iter().any(|it| it == name))
        };
        match claims.get("aud") {
            Some(Value::Array(audiences)) => audiences.iter().any(named),
            Some(audience) => named(audience),
            None => claims.get("client_id").is_some_and(named),
        }
    }
}

/// The API's definition with its references resolved, as far as it matters here.
pub(crate) fn api_of(template: &Template, parameters: &[(&str, &str)]) -> Result<Value, Error> {
    let (_, api) = template
        .resources_of("AWS::Serverless::HttpApi")
        .next()
        .ok_or(Error::Definition("HTTP API"))?;
    let part = |name: &str| template.resolve(&api.properties[name], parameters);
    Ok(json!({"Auth": part("Auth")?, "CorsConfiguration": part("CorsConfiguration")?}))
}

#[cfg(test)]
mod tests;
