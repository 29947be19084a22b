//! E-mail addresses, which HiThrive needs to be unique: duplicates, addresses of others, adoption, and swaps.

use std::collections::{HashMap, HashSet};

use crate::email::EmailHash;
use crate::plan::ChangeKind;
use crate::reconcile::{Reconciler, Who, count};
use crate::report::SkipReason;

/// `DynamoDB` carries out at most 100 writes as one; longer chains of handed-on addresses are left to a person.
const LONGEST_CHAIN: usize = 100;

impl Reconciler<'_> {
    /// Puts aside everybody whose address cannot be theirs, links accounts known by address alone, and groups people who
    /// hand addresses to each other.
    pub(super) fn resolve_addresses(&mut self) {
        let mut claims = std::mem::take(&mut self.claims);
        claims.retain(|&(_, who)| !self.is_left_out(who));
        claims.sort_unstable();
        let mut left_out = HashSet::new();
        for same_address in claims
            .chunk_by(|(a, _), (b, _)| a == b)
            .filter(|people| people.len() > 1)
        {
            for &(_, who) in same_address {
                self.leave_out(who, SkipReason::DuplicateEmail, &mut left_out);
            }
        }
        claims.retain(|(_, who)| !left_out.contains(who));
        let takes_from = self.settle_claims(&claims, &mut left_out);
        self.group_handovers(takes_from, &mut left_out);
        claims.retain(|(_, who)| !left_out.contains(who));
        self.claims = claims;
    }

    /// Finds whose account each newly claimed address belongs to. Returns who takes their address from whom.
    fn settle_claims(
        &mut self,
        claims: &[(EmailHash, Who)],
        left_out: &mut HashSet<Who>,
    ) -> HashMap<Who, Who> {
        let is_new = |&(address, who): &(EmailHash, Who)| match who {
            Who::Head(index) => self.heads[index as usize].email != address || self.returns(who),
            Who::New(_) => true,
        };
        let new_claims: Vec<_> = claims.iter().copied().filter(is_new).collect();
        if new_claims.is_empty() {
            return HashMap::new();
        }
        let mut holders: Vec<(EmailHash, u32)> = self.heads.iter().map(|head| head.email).zip(0..).collect();
        holders.sort_unstable();
        let movers: HashSet<Who> = new_claims.iter().map(|&(_, who)| who).collect();

        let mut takes_from = HashMap::new();
        for (address, who) in new_claims {
            let from = holders.partition_point(|(held, _)| *held < address);
            let holders: Vec<u32> = holders[from..]
                .iter()
                .take_while(|(held, _)| *held == address)
                .map(|&(_, index)| index)
                .filter(|&index| who != Who::Head(index))
                .collect();
            match (who, holders.as_slice()) {
                (_, []) => {}
                (Who::New(place), &[index]) if index as usize >= self.linked => self.adopt(place, index),
                (_, &[index]) if movers.contains(&Who::Head(index)) => {
                    takes_from.insert(who, Who::Head(index));
                }
                (_, holders) => {
                    self.leave_out(who, SkipReason::EmailTaken, left_out);
                    let linked = count(self.linked);
                    for &index in holders.iter().filter(|&&index| index < linked) {
                        self.leave_out(Who::Head(index), SkipReason::EmailTaken, left_out);
                    }
                }
            }
        }
        takes_from
    }

    /// Whether somebody comes back, perhaps to an address that another account got meanwhile.
    fn returns(&self, who: Who) -> bool {
        self.pending_of(who)
            .is_some_and(|place| self.pending[place].change.kind == ChangeKind::Reactivate)
    }

    /// An account that was known by its address alone becomes this person's.
    fn adopt(&mut self, place: u32, index: u32) {
        let head = &self.heads[index as usize];
        let Some(account) = head.account_id() else { return };
        let pending = &mut self.pending[place as usize];
        pending.joins = head.is_active();
        let change = &mut pending.change;
        change.account = account;
        change.kind = ChangeKind::Update;
        change.links = true;
        change.revision = head.revision;
        self.adopted.insert(place, index);
    }

    /// Groups chains and rings of people who hand addresses on. Whoever takes from somebody who is left out, and so does
    /// not give, is left out too.
    fn group_handovers(&mut self, mut takes_from: HashMap<Who, Who>, left_out: &mut HashSet<Who>) {
        loop {
            let stuck: Vec<(Who, Who)> = takes_from
                .iter()
                .filter(|(taker, giver)| left_out.contains(*taker) || left_out.contains(*giver))
                .map(|(&taker, &giver)| (taker, giver))
                .collect();
            if stuck.is_empty() {
                break;
            }
            for (taker, _) in stuck {
                takes_from.remove(&taker);
                if !left_out.contains(&taker) {
                    self.leave_out(taker, SkipReason::EmailTaken, left_out);
                }
            }
        }
        let gives_to: HashMap<Who, Who> = takes_from.iter().map(|(&taker, &giver)| (giver, taker)).collect();
        let mut takers: Vec<Who> = takes_from.keys().copied().collect();
        takers.sort_unstable();
        let mut grouped = HashSet::new();
        for taker in takers {
            if grouped.contains(&taker) {
                continue;
            }
            let mut first = taker;
            while let Some(&next) = gives_to.get(&first).filter(|&&next| next != taker) {
                first = next;
            }
            let mut chain = vec![first];
            let mut person = first;
            while let Some(&giver) = takes_from.get(&person).filter(|&&giver| giver != first) {
                chain.push(giver);
                person = giver;
            }
            grouped.extend(chain.iter().copied());
            self.group(&chain, left_out);
        }
    }

    fn group(&mut self, chain: &[Who], left_out: &mut HashSet<Who>) {
        if chain.len() > LONGEST_CHAIN {
            for &who in chain {
                self.leave_out(who, SkipReason::EmailTaken, left_out);
            }
            return;
        }
        let number = chain
            .iter()
            .filter_map(|&who| self.pending_of(who))
            .min()
            .map(count);
        for &who in chain {
            if let Some(place) = self.pending_of(who) {
                self.pending[place].change.together = number;
            }
        }
    }

    fn leave_out(&mut self, who: Who, reason: SkipReason, left_out: &mut HashSet<Who>) {
        if !left_out.insert(who) {
            return;
        }
        let employee = match who {
            Who::Head(index) => self.heads[index as usize].employee.clone(),
            Who::New(place) => Some(self.pending[place as usize].change.employee.clone()),
        };
        self.findings.skip(employee, reason);
        if let (Who::Head(index), None) = (who, self.pending_of(who)) {
            // Remembered, so that no later step makes a change of somebody who is left out.
            self.push_mark(index as usize, None, None);
        }
        self.drop_pending(who);
    }
}
