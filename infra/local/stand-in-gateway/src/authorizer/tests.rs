use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::SignedDuration;

use super::*;
use crate::TokenIssuer;

const NOW: Timestamp = Timestamp::constant(1_795_000_000, 500_000_000);
const HOUR: SignedDuration = SignedDuration::from_hours(1);

struct World {
    issuer: TokenIssuer,
    authorizer: Authorizer,
}

impl World {
    fn new() -> Self {
        let issuer = TokenIssuer::new("https://login", "hibob").unwrap();
        let authorizer = Authorizer {
            issuer: "https://login".to_owned(),
            audience: vec!["hibob".to_owned()],
            key: issuer.public_key(),
        };
        Self { issuer, authorizer }
    }

    fn claims(&self) -> Value {
        self.issuer.claims("acme", "admin", NOW, HOUR)
    }

    fn ask(&self, token: &str) -> Result<Value, Refusal> {
        self.authorizer.authorize(Some(&format!("Bearer {token}")), NOW)
    }

    /// What becomes of a good token whose claims are changed before it is signed.
    fn ask_with(&self, change: impl FnOnce(&mut Value)) -> Result<Value, Refusal> {
        let mut claims = self.claims();
        change(&mut claims);
        self.ask(&self.issuer.sign(&claims).unwrap())
    }
}

#[test]
fn a_good_token_is_accepted_with_and_without_its_scheme_and_its_claims_become_strings() {
    let world = World::new();
    let token = world.issuer.sign(&world.claims()).unwrap();
    for header in [format!("Bearer {token}"), format!("bearer {token}"), token] {
        let caller = world.authorizer.authorize(Some(&header), NOW).unwrap();
        assert_eq!(caller["jwt"]["claims"]["tenant"], "acme");
        assert_eq!(caller["jwt"]["claims"]["exp"], "1795003600");
        assert_eq!(caller["jwt"]["scopes"], Value::Null);
    }
}

#[test]
fn without_a_token_nothing_is_said_about_it() {
    let world = World::new();
    for header in [None, Some(""), Some("Bearer ")] {
        assert_eq!(world.authorizer.authorize(header, NOW), Err(None), "{header:?}");
    }
}

#[test]
fn the_times_of_a_token_are_taken_to_the_second() {
    let world = World::new();
    let now = NOW.as_second();
    let expired = Err(Some("the token has expired"));
    let early = Err(Some("the token is not valid yet"));
    assert_eq!(world.ask_with(|claims| claims["exp"] = json!(now)), expired);
    assert!(world.ask_with(|claims| claims["exp"] = json!(now + 1)).is_ok());
    assert_eq!(
        world.ask_with(|claims| {
            claims.as_object_mut().unwrap().remove("exp");
        }),
        expired
    );
    assert_eq!(world.ask_with(|claims| claims["nbf"] = json!(now + 1)), early);
    assert_eq!(world.ask_with(|claims| claims["iat"] = json!(now + 1)), early);
    assert!(world.ask_with(|claims| claims["nbf"] = json!(now)).is_ok());
    assert!(
        world
            .ask_with(|claims| claims["exp"] = json!("tomorrow"))
            .is_err()
    );
}

#[test]
fn issuer_and_audience_have_to_be_ours_and_a_client_counts_only_without_an_audience() {
    let world = World::new();
    let audience = Err(Some("the token does not have a valid audience"));
    assert_eq!(
        world.ask_with(|claims| claims["iss"] = json!("https://other")),
        Err(Some("the token has an invalid issuer"))
    );
    assert_eq!(world.ask_with(|claims| claims["aud"] = json!("other")), audience);
    assert!(
        world
            .ask_with(|claims| claims["aud"] = json!(["other", "hibob"]))
            .is_ok()
    );
    assert_eq!(
        world.ask_with(|claims| {
            claims["aud"] = json!("other");
            claims["client_id"] = json!("hibob");
        }),
        audience
    );
    assert!(
        world
            .ask_with(|claims| {
                claims.as_object_mut().unwrap().remove("aud");
                claims["client_id"] = json!("hibob");
            })
            .is_ok()
    );
}

#[test]
fn only_what_the_issuer_signed_with_rsa_and_sha_256_is_believed() {
    let world = World::new();
    let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let unsigned = |header: Value| format!("{}.{}.", part(&header), part(&world.claims()));
    let token = world.issuer.sign(&world.claims()).unwrap();
    let (head, signature) = token.rsplit_once('.').unwrap();
    let (header, _) = head.split_once('.').unwrap();
    let other_tenant = world.issuer.claims("other", "admin", NOW, HOUR);
    let forged = [
        "nonsense".to_owned(),
        unsigned(json!({"alg": "none", "kid": "1"})),
        unsigned(json!({"alg": "RS256", "kid": "1"})),
        unsigned(json!({"alg": "HS256", "kid": "1"})),
        unsigned(json!({"alg": "RS512", "kid": "1"})),
        unsigned(json!({"alg": "RS256"})),
        format!("{header}.{}.{signature}", part(&other_tenant)),
        TokenIssuer::new("https://login", "hibob")
            .unwrap()
            .sign(&world.claims())
            .unwrap(),
    ];
    for token in forged {
        assert!(matches!(world.ask(&token), Err(Some(_))), "{token}");
    }
}
