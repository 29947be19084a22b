use serde_json::json;

use crate::harness::Api;
use crate::sso::{CERTIFICATE, by_hand, certificate_of_days, options, pointers, save, version};

/// The metadata of one provider with these certificates.
fn metadata(certificates: &[&str]) -> String {
    let keys = certificates.iter().map(|pem| {
        let base64 = pem.lines().filter(|line| !line.starts_with('-')).collect::<String>();
        format!(
            "<md:KeyDescriptor use=\"signing\"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{base64}</ds:X509Certificate>\
             </ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
        )
    });
    format!(
        "<?xml version=\"1.0\"?><md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" \
         xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" entityID=\"https://idp.acme.example/metadata\">\
         <md:IDPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">{}\
         <md:SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\" \
         Location=\"https://idp.acme.example/sign-on\"/></md:IDPSSODescriptor></md:EntityDescriptor>",
        keys.collect::<String>()
    )
}

#[tokio::test]
async fn metadata_says_the_same_as_the_values_by_hand() {
    let api = Api::connected().await;
    let from_metadata = save(
        &api,
        "provider",
        &json!({"metadataXml": metadata(&[&CERTIFICATE])}),
    )
    .await;
    assert_eq!(from_metadata.status, 200, "{from_metadata:?}");
    let from_values = save(&api, "provider", &by_hand(&[&CERTIFICATE])).await;
    assert_eq!(from_metadata.body["provider"], from_values.body["provider"]);
}

#[tokio::test]
async fn a_provider_comes_as_metadata_or_by_hand_and_not_as_both() {
    let api = Api::connected().await;
    let mut both = by_hand(&[&CERTIFICATE]);
    both["metadataXml"] = json!(metadata(&[&CERTIFICATE]));
    for body in [both, json!({})] {
        assert_eq!(pointers(&save(&api, "provider", &body).await), [""], "{body}");
    }
    let answer = save(
        &api,
        "provider",
        &json!({"metadataUrl": "https://idp.acme.example"}),
    )
    .await;
    assert_eq!((answer.status, answer.problem()), (400, "invalid-json"));
}

#[tokio::test]
async fn everything_that_is_wrong_by_hand_is_pointed_at_in_words_that_anybody_understands() {
    let api = Api::connected().await;
    let wrong =
        json!({"entityId": "two words", "signOnUrl": "http://idp.acme.example", "certificates": ["hunter2"]});
    let answer = save(&api, "provider", &wrong).await;
    assert_eq!(pointers(&answer), ["/entityId", "/signOnUrl", "/certificates"]);
    assert_eq!(
        answer.body["errors"][1]["detail"],
        "The sign-on URL must begin with https://."
    );
    assert!(!answer.body.to_string().contains("hunter2"));

    let answer = save(&api, "provider", &json!({"entityId": "https://idp.acme.example"})).await;
    assert_eq!(pointers(&answer), ["/signOnUrl", "/certificates"]);
    let third = certificate_of_days(-1, 1);
    let answer = save(&api, "provider", &by_hand(&[&CERTIFICATE, &third, &third])).await;
    assert_eq!(pointers(&answer), ["/certificates"]);
    let expired = certificate_of_days(-9, -1);
    assert_eq!(
        pointers(&save(&api, "provider", &by_hand(&[&expired])).await),
        ["/certificates"]
    );
    assert_eq!(version(&api).await, 0);
}

#[tokio::test]
async fn metadata_that_cannot_be_used_is_told_at_the_metadata() {
    let api = Api::connected().await;
    let (second, third) = (certificate_of_days(-2, 900), certificate_of_days(-3, 900));
    let expired = certificate_of_days(-9, -1);
    let good = metadata(&[&CERTIFICATE]);
    for (xml, words) in [
        ("hunter2".to_owned(), "not a whole metadata file"),
        (
            format!("<!DOCTYPE x [<!ENTITY e \"hunter2\">]>{good}"),
            "not a whole metadata file",
        ),
        ("<html xmlns=\"hunter2\"/>".to_owned(), "no SAML metadata"),
        (
            good.replace("IDPSSODescriptor", "SPSSODescriptor"),
            "no identity provider",
        ),
        (
            good.replace("HTTP-Redirect", "HTTP-POST"),
            "no sign-on by redirect",
        ),
        (metadata(&[]), "no signing certificate"),
        (metadata(&[&expired]), "has expired"),
        (metadata(&["hunter2"]), "cannot be read"),
        (metadata(&[&CERTIFICATE, &second, &third]), "more than two"),
    ] {
        let answer = save(&api, "provider", &json!({"metadataXml": xml})).await;
        assert_eq!(pointers(&answer), ["/metadataXml"], "{xml}");
        let detail = answer.body["errors"][0]["detail"].as_str().unwrap();
        assert!(detail.contains(words), "{detail} instead of {words}");
        assert!(!answer.body.to_string().contains("hunter2"));
    }
    assert_eq!(version(&api).await, 0);
}

#[tokio::test]
async fn metadata_larger_than_any_provider_needs_is_refused() {
    let api = Api::connected().await;
    let padded =
        |bytes: usize| json!({"metadataXml": format!("{}{}", metadata(&[&CERTIFICATE]), " ".repeat(bytes))});
    let answer = save(&api, "provider", &padded(262_144)).await;
    assert_eq!((answer.status, answer.problem()), (413, "too-large"));
    assert_eq!(save(&api, "provider", &padded(200_000)).await.status, 200);
}

#[tokio::test]
async fn nobody_is_let_in_before_a_provider_can_vouch_for_them() {
    let api = Api::connected().await;
    let answer = save(&api, "options", &options(true)).await;
    assert_eq!(pointers(&answer), ["/enabled"]);

    let soon = certificate_of_days(1, 900);
    let answer = save(&api, "provider", &by_hand(&[&soon])).await;
    assert_eq!(answer.body["provider"]["certificates"][0]["state"], "notYet");
    assert_eq!(
        pointers(&save(&api, "options", &options(true)).await),
        ["/enabled"]
    );

    save(&api, "provider", &by_hand(&[&CERTIFICATE])).await;
    assert_eq!(save(&api, "options", &options(true)).await.status, 200);
    // While people sign in, the provider cannot be replaced by one that cannot vouch for them yet.
    assert_eq!(
        pointers(&save(&api, "provider", &by_hand(&[&soon])).await),
        ["/certificates"]
    );
    let answer = save(&api, "provider", &json!({"metadataXml": metadata(&[&soon])})).await;
    assert_eq!(pointers(&answer), ["/metadataXml"]);
    let both = save(&api, "provider", &by_hand(&[&CERTIFICATE, &soon])).await;
    assert_eq!(both.body["provider"]["certificates"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_certificate_is_told_of_thirty_days_before_it_expires_and_cannot_switch_anything_on_afterwards() {
    let api = Api::connected().await;
    save(&api, "provider", &by_hand(&[&certificate_of_days(-1, 31)])).await;
    let state = async || {
        let answer = api.get("/api/sso").await;
        answer.body["provider"]["certificates"][0]["state"].clone()
    };
    assert_eq!(state().await, "valid");
    save(&api, "options", &options(true)).await;
    api.pass(2 * 86_400);
    assert_eq!(state().await, "expiresSoon");
    api.pass(30 * 86_400);
    assert_eq!(state().await, "expired");

    // It is still on, and can be changed, and switched off; but not on again.
    let with_tile = json!({"enabled": true, "allowUnsolicited": true, "signRequests": false});
    assert_eq!(save(&api, "options", &with_tile).await.status, 200);
    assert_eq!(save(&api, "options", &options(false)).await.status, 200);
    assert_eq!(
        pointers(&save(&api, "options", &options(true)).await),
        ["/enabled"]
    );
}

#[tokio::test]
async fn while_a_provider_changes_over_its_present_certificate_can_be_kept() {
    let api = Api::connected().await;
    let (next, third) = (certificate_of_days(-1, 900), certificate_of_days(-2, 900));
    let keeping = |mut provider: serde_json::Value| {
        provider["keepCurrent"] = json!(true);
        provider
    };
    // Before there is a provider there is nothing to keep.
    let one = save(&api, "provider", &keeping(by_hand(&[&CERTIFICATE]))).await;
    let of = |answer: &crate::harness::Answer| answer.body["provider"]["certificates"].clone();
    assert_eq!(of(&one).as_array().unwrap().len(), 1);

    let both = save(
        &api,
        "provider",
        &keeping(json!({"metadataXml": metadata(&[&next])})),
    )
    .await;
    assert_eq!((both.status, &of(&both)[0]), (200, &of(&one)[0]));
    assert_eq!(of(&both).as_array().unwrap().len(), 2);

    let refused = save(&api, "provider", &keeping(by_hand(&[&third]))).await;
    assert_eq!(pointers(&refused), ["/keepCurrent"]);
    let mut other = keeping(by_hand(&[&third]));
    other["entityId"] = json!("https://other.example");
    assert_eq!(pointers(&save(&api, "provider", &other).await), ["/keepCurrent"]);
    let alone = save(&api, "provider", &by_hand(&[&next])).await;
    assert_eq!(of(&alone).as_array().unwrap(), &[of(&both)[1].clone()]);
}
