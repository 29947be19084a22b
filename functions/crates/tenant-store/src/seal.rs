//! Sealing a task's result, so that only who knows the task's id can read it.

use provisioning::TenantId;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::error::Unspecified;
use ring::hkdf::{HKDF_SHA256, Salt};
use ring::rand::{SecureRandom, SystemRandom};

use crate::TaskId;

const PURPOSE: &[u8] = b"hithrive hibob task result";

/// The nonce and, behind it, the sealed text.
pub(crate) fn seal(tenant: &TenantId, id: &TaskId, mut text: Vec<u8>) -> Result<Vec<u8>, Unspecified> {
    let mut nonce = [0; NONCE_LEN];
    SystemRandom::new().fill(&mut nonce)?;
    key(id)?.seal_in_place_append_tag(
        Nonce::assume_unique_for_key(nonce),
        Aad::from(tenant.as_str()),
        &mut text,
    )?;
    Ok([&nonce, text.as_slice()].concat())
}

/// The text, if it was sealed for this tenant and task and is as it was.
pub(crate) fn open(tenant: &TenantId, id: &TaskId, sealed: &[u8]) -> Result<Vec<u8>, Unspecified> {
    let (nonce, text) = sealed.split_at_checked(NONCE_LEN).ok_or(Unspecified)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce)?;
    let mut text = text.to_vec();
    let opened = key(id)?.open_in_place(nonce, Aad::from(tenant.as_str()), &mut text)?;
    Ok(opened.to_vec())
}

/// One per task: the id is random and long enough to need no salt.
fn key(id: &TaskId) -> Result<LessSafeKey, Unspecified> {
    let secret = Salt::new(HKDF_SHA256, &[]).extract(id.secret());
    let key = UnboundKey::from(secret.expand(&[PURPOSE], &AES_256_GCM)?);
    Ok(LessSafeKey::new(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(first: char) -> TaskId {
        format!("{first}{}", "A".repeat(42)).parse().unwrap()
    }

    #[test]
    fn a_result_opens_for_its_task_and_tenant_alone_and_only_unchanged() {
        let (acme, globex) = ("acme".parse().unwrap(), "globex".parse().unwrap());
        let sealed = seal(&acme, &id('A'), b"people".to_vec()).unwrap();
        assert_eq!(open(&acme, &id('A'), &sealed).unwrap(), b"people");
        assert!(open(&acme, &id('B'), &sealed).is_err());
        assert!(open(&globex, &id('A'), &sealed).is_err());
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert!(open(&acme, &id('A'), &changed).is_err(), "{place}");
        }
        assert!(open(&acme, &id('A'), &sealed[..5]).is_err());
    }

    #[test]
    fn equal_results_are_sealed_differently() {
        let acme = "acme".parse().unwrap();
        let seal = || seal(&acme, &id('A'), b"people".to_vec()).unwrap();
        assert_ne!(seal(), seal());
    }
}
