use super::*;

fn seal() -> PendingSeal {
    PendingSeal::new(&"0123456789abcdef0123456789abcdef".into()).unwrap()
}

fn now() -> Timestamp {
    "2026-11-24T09:00:00Z".parse().unwrap()
}

fn tenant(id: &str) -> TenantId {
    id.parse().unwrap()
}

fn relay(byte: u8) -> RelayState {
    RelayState::from_random([byte; 16])
}

fn pending() -> Pending {
    Pending {
        tenant: tenant("acme"),
        purpose: Purpose::Open {
            portal: Portal::Reports,
            deep_link: Some("/teams/7?tab=goals".parse().unwrap()),
        },
        request_id: "_request".parse().unwrap(),
        relay: relay(1),
        expires_at: now() + PENDING_LIFETIME,
    }
}

fn opened(value: &str) -> Result<Pending, PendingFault> {
    seal().open(&relay(1), &tenant("acme"), value, now())
}

#[test]
fn what_was_sealed_opens_as_it_was() {
    assert_eq!(opened(&seal().seal(&pending())), Ok(pending()));
    let test = Pending {
        purpose: Purpose::Test,
        ..pending()
    };
    assert_eq!(opened(&seal().seal(&test)), Ok(test));
}

#[test]
fn a_cookie_has_a_name_and_a_value_that_need_no_quoting_and_fit() {
    let link = format!("/{}", "x".repeat(511));
    let longest = Pending {
        tenant: tenant(&"t".repeat(64)),
        purpose: Purpose::Open {
            portal: Portal::Rewards,
            deep_link: Some(link.parse().unwrap()),
        },
        ..pending()
    };
    let value = seal().seal(&longest);
    assert!(
        value
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
    );
    assert!(value.len() < 2048, "{}", value.len());
    assert_eq!(
        PendingSeal::cookie_name(&relay(0)),
        "__Host-sso-AAAAAAAAAAAAAAAAAAAAAA"
    );
}

#[test]
fn a_forged_cookie_does_not_open() {
    let value = seal().seal(&pending());
    let (text, tag) = value.split_once('.').unwrap();
    let other = serde_json::to_vec(&Pending {
        tenant: tenant("other"),
        ..pending()
    })
    .unwrap();
    for forged in [
        String::new(),
        ".".to_owned(),
        text.to_owned(),
        format!("{text}."),
        format!("{}.{tag}", URL_SAFE_NO_PAD.encode(other)),
        format!("{text}.{}", URL_SAFE_NO_PAD.encode([0; 32])),
        format!("{text}.{}", &tag[..20]),
        format!("{value}.{tag}"),
        PendingSeal::new(&"another secret, which is long enough".into())
            .unwrap()
            .seal(&pending()),
    ] {
        assert_eq!(opened(&forged), Err(PendingFault::Forged), "{forged}");
    }
}

#[test]
fn no_single_character_of_a_cookie_can_be_changed() {
    let value = seal().seal(&pending());
    for place in 0..value.len() {
        let mut changed = value.clone().into_bytes();
        changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
        assert_eq!(
            opened(&String::from_utf8(changed).unwrap()),
            Err(PendingFault::Forged),
            "{place}"
        );
    }
}

#[test]
fn a_cookie_of_another_relay_state_does_not_open() {
    let value = seal().seal(&pending());
    assert_eq!(
        seal().open(&relay(2), &tenant("acme"), &value, now()),
        Err(PendingFault::Forged)
    );
}

#[test]
fn a_cookie_of_another_tenant_does_not_open() {
    let value = seal().seal(&pending());
    assert_eq!(
        seal().open(&relay(1), &tenant("other"), &value, now()),
        Err(PendingFault::OtherTenant)
    );
}

#[test]
fn a_cookie_opens_until_it_expires() {
    let value = seal().seal(&pending());
    let open_at = |now| seal().open(&relay(1), &tenant("acme"), &value, now).err();
    assert_eq!(open_at(pending().expires_at - SignedDuration::from_secs(1)), None);
    assert_eq!(open_at(pending().expires_at), Some(PendingFault::Expired));
}

#[test]
fn a_short_secret_seals_nothing_and_nothing_shows_a_secret() {
    assert!(PendingSeal::new(&"0123456789abcdef0123456789abcde".into()).is_err());
    assert_eq!(format!("{:?}", seal()), "PendingSeal { .. }");
}
