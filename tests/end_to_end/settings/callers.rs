//! Who is let in.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::admin::Admin;
use crate::harness::{World, company, run};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// Routes of both APIs that need a token.
const ROUTES: [(&str, &str); 4] = [
    ("GET", "/api/connection"),
    ("POST", "/api/runs"),
    ("GET", "/api/mapping"),
    ("GET", "/api/fields"),
];

async fn assert_turned_away(world: &World, token: String, why: &str) {
    let nobody = Admin::with_token(world, token);
    for (method, path) in ROUTES {
        let answer = nobody.send(method, path, &[], &Value::Null).await;
        assert_eq!(answer.status.as_u16(), 401, "{why}: {method} {path}");
        assert_eq!(
            answer.body,
            json!({"message": "Unauthorized"}),
            "{why}: {method} {path}"
        );
    }
}

#[test]
fn nobody_is_let_in_without_a_token_that_the_authorizer_accepts() {
    run(async {
        let (world, tenant) = World::with(company(31, 5)).await;
        let issuer = &world.system.issuer;
        let now = world.system.clock.now();
        let good = issuer.claims(tenant.as_str(), "admin", now, HOUR);
        let changed = |member: &str, value: Value| {
            let mut claims = good.clone();
            claims[member] = value;
            issuer.sign(&claims).unwrap()
        };

        assert_turned_away(&world, String::new(), "no token").await;
        assert_turned_away(&world, "nonsense".to_owned(), "no JWT").await;
        assert_turned_away(&world, changed("aud", json!("somebody-else")), "another audience").await;
        assert_turned_away(
            &world,
            changed("iss", json!("https://evil.example")),
            "another issuer",
        )
        .await;
        assert_turned_away(&world, changed("exp", json!(now.as_second() - 1)), "expired").await;
        assert_turned_away(
            &world,
            changed("nbf", json!(now.as_second() + 3600)),
            "not yet valid",
        )
        .await;

        let signed = issuer.sign(&good).unwrap();
        let payload = signed.split('.').nth(1).unwrap();
        // {"alg":"none","typ":"JWT"} and {"alg":"HS256","typ":"JWT"}
        for header in [
            "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0",
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9",
        ] {
            assert_turned_away(&world, format!("{header}.{payload}."), "no signature").await;
            let signature = signed.rsplit_once('.').unwrap().1;
            assert_turned_away(
                &world,
                format!("{header}.{payload}.{signature}"),
                "another algorithm",
            )
            .await;
        }
        let other = issuer.sign(&{
            let mut claims = good.clone();
            claims["tenant"] = json!("other");
            claims
        });
        let (head, _) = signed.rsplit_once('.').unwrap();
        let forged = format!("{head}.{}", other.unwrap().rsplit_once('.').unwrap().1);
        assert_turned_away(&world, forged, "the signature of another token").await;
    });
}

#[test]
fn only_admins_of_exactly_one_tenant_are_served() {
    run(async {
        let (world, tenant) = World::with(company(32, 5)).await;
        for role in ["member", "manager", "Admin", "", "administrator"] {
            let colleague = Admin::with_role(&world, tenant.as_str(), role);
            for (method, path) in ROUTES {
                let answer = colleague.send(method, path, &[], &Value::Null).await;
                assert_eq!(
                    (answer.status.as_u16(), answer.problem()),
                    (403, "role-too-low"),
                    "{role:?} {path}"
                );
            }
        }

        let issuer = &world.system.issuer;
        let claims = issuer.claims(tenant.as_str(), "admin", world.system.clock.now(), HOUR);
        for odd in [
            json!(null),
            json!(""),
            json!("a b"),
            json!(["acme", "other"]),
            json!({"id": "acme"}),
            json!(7),
        ] {
            let mut claims = claims.clone();
            claims["tenant"] = odd.clone();
            let nobody = Admin::with_token(&world, issuer.sign(&claims).unwrap());
            let answer = nobody.get("/api/connection").await;
            let status = answer.status.as_u16();
            // The gateway makes texts of all claims; these name a tenant that has no connection.
            let is_served_as_nobody =
                matches!(odd, Value::Null | Value::Number(_)) && answer.body["state"] == "notConnected";
            assert!(
                [401, 403].contains(&status) || is_served_as_nobody,
                "{odd}: {status} {}",
                answer.body
            );
        }
    });
}
