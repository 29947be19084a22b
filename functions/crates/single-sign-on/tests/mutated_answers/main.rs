//! Tries to be taken for somebody else with an answer that was signed for oneself: changes to it, by the thousand. Nothing
//! may panic, and whatever is still accepted must say exactly what was signed.
//!
//! `cargo test -p single-sign-on --test mutated_answers` takes ten seconds. For longer:
//! `cargo test --profile bench -p single-sign-on --test mutated_answers -- --seconds 3600`. A number of `--seed` repeats a
//! search.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
#![expect(clippy::print_stdout, reason = "the figures are for whoever started it")]

mod mutate;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use provisioning::TenantId;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use single_sign_on::{Assertion, Expected, IdentityProvider, RelayState, RequestId, ServiceProvider};
use stand_in_idp::{Answer, Sign, Signer};

const NOW: Timestamp = Timestamp::constant(1_795_521_600, 0);
const ISSUER: &str = "https://idp.example.com/metadata";
const USUAL_SECONDS: u64 = 10;

/// One browser's request, and the answer to it that the provider signed.
struct Target {
    request_id: RequestId,
    relay: RelayState,
    /// The answer, and what it says as it stands.
    signed: Vec<(String, Assertion)>,
    /// Answers of the same provider to somebody else, which may be cut up.
    donors: Vec<String>,
}

struct Attack {
    tenant: TenantId,
    provider: IdentityProvider,
    service: ServiceProvider,
    target: Target,
}

#[derive(Default)]
struct Tally {
    tried: u64,
    unchanged: u64,
    refused: BTreeMap<&'static str, u64>,
}

fn main() -> ExitCode {
    let (seconds, seed) = options();
    let attack = Attack::prepare();
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut tally = Tally::default();
    let (began, limit) = (Instant::now(), Duration::from_secs(seconds));
    while began.elapsed() < limit {
        let (mutant, wanted) = attack.mutant(&mut random);
        tally.tried += 1;
        let heard = catch_unwind(AssertUnwindSafe(|| attack.consume(&mutant)));
        match heard {
            Ok(Ok(assertion)) if assertion == *wanted => tally.unchanged += 1,
            Ok(Err(refusal)) => *tally.refused.entry(refusal.code()).or_default() += 1,
            Ok(Ok(assertion)) => return fail(&format!("accepted as {assertion:?}"), seed, &tally, &mutant),
            Err(_) => return fail("a panic", seed, &tally, &mutant),
        }
    }
    println!(
        "{} mutants in {} s with seed {seed}: no panic, nobody else let in",
        tally.tried,
        limit.as_secs()
    );
    println!(
        "{:>9}  accepted: the change was not to what is signed or used",
        tally.unchanged
    );
    for (code, count) in &tally.refused {
        println!("{count:>9}  {code}");
    }
    // A search that never gets past the first check has searched nothing.
    let is_telling = tally.unchanged > 0 && tally.refused.len() > 10;
    if is_telling {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Seconds and seed.
fn options() -> (u64, u64) {
    let arguments: Vec<String> = std::env::args().collect();
    let number = |name: &str| {
        let place = arguments.iter().position(|argument| argument == name)?;
        Some(arguments.get(place + 1)?.parse().unwrap())
    };
    (
        number("--seconds").unwrap_or(USUAL_SECONDS),
        number("--seed").unwrap_or_else(rand::random),
    )
}

fn fail(what: &str, seed: u64, tally: &Tally, mutant: &[u8]) -> ExitCode {
    println!(
        "{what}, with seed {seed} at mutant {}:\n{}",
        tally.tried,
        String::from_utf8_lossy(mutant)
    );
    ExitCode::FAILURE
}

impl Attack {
    fn prepare() -> Self {
        let tenant: TenantId = "acme".parse().unwrap();
        let signer = Signer::generate().unwrap();
        let provider = IdentityProvider::from_values(
            ISSUER,
            "https://idp.example.com/sign-on",
            &[signer.certificate_pem()],
            NOW,
        )
        .unwrap();
        let service = ServiceProvider::new("https://hibob.hithrive.example", None).unwrap();
        let started = |number| {
            let relay = RelayState::from_random([number; 16]);
            let started = service.start(&tenant, &provider, false, &relay).unwrap();
            (started.request_id, relay)
        };
        let (request_id, relay) = started(1);
        let (other_request, _) = started(2);
        let answers = |email: &str, request: &RequestId| {
            [Sign::Assertion, Sign::Response, Sign::Both].map(|sign| {
                let (entity_id, acs_url) = (service.entity_id(&tenant), service.acs_url(&tenant));
                let mut answer =
                    Answer::to(&entity_id, &acs_url, ISSUER, email, NOW).answering(request.as_str());
                answer.sign = sign;
                answer.xml(&signer)
            })
        };
        let mut attack = Self {
            target: Target {
                signed: Vec::new(),
                donors: answers("eve@example.com", &other_request).into(),
                relay,
                request_id: request_id.clone(),
            },
            tenant: tenant.clone(),
            provider: provider.clone(),
            service: service.clone(),
        };
        attack.target.signed = answers("ada@example.com", &request_id)
            .map(|xml| {
                let assertion = attack.consume(xml.as_bytes()).unwrap();
                (xml, assertion)
            })
            .into();
        attack
    }

    /// One of the signed answers with one to four changes.
    fn mutant(&self, random: &mut ChaCha8Rng) -> (Vec<u8>, &Assertion) {
        let Target { signed, donors, .. } = &self.target;
        let (xml, wanted) = &signed[random.random_range(0..signed.len())];
        let mut document = xml.clone().into_bytes();
        for _ in 0..random.random_range(1..=4) {
            let donor = &donors[random.random_range(0..donors.len())];
            mutate::mutate(random, &mut document, donor.as_bytes());
        }
        (document, wanted)
    }

    fn consume(&self, document: &[u8]) -> Result<Assertion, single_sign_on::Refusal> {
        let expected = Expected::AnswerTo {
            request_id: &self.target.request_id,
            relay: &self.target.relay,
        };
        self.service.consume(
            &self.tenant,
            &self.provider,
            &BASE64_STANDARD.encode(document),
            expected,
            NOW,
        )
    }
}
