//! The addresses of names.

use std::collections::BTreeMap;
use std::net::IpAddr;

use domain::base::Rtype;

use super::exchange::{Exchange, Told};
use super::name::DnsName;
use super::question::Question;
use super::records::lesser;

/// What a lookup comes to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome<T> {
    Found(T),
    /// The name has no such records, and for how many seconds that holds.
    Empty(Option<u32>),
    /// There is no such name.
    Nothing(String),
    Failed(String),
}

impl<T> Outcome<T> {
    /// What is known: of a name without records, nothing.
    pub(super) fn known(self, nothing: impl FnOnce(Option<u32>) -> T) -> Result<T, String> {
        match self {
            Self::Found(found) => Ok(found),
            Self::Empty(ttl) => Ok(nothing(ttl)),
            Self::Nothing(error) | Self::Failed(error) => Err(error),
        }
    }
}

/// Addresses of one name.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Addresses {
    pub(super) addresses: Vec<IpAddr>,
    pub(super) ttl: Option<u32>,
    /// What is not known, and where earlier addresses stand in for it.
    pub(super) stale: Option<String>,
}

/// The addresses of each name and kind that were known last.
#[derive(Debug, Default)]
pub(super) struct Kept {
    before: BTreeMap<(DnsName, u16), Vec<IpAddr>>,
    now: BTreeMap<(DnsName, u16), Vec<IpAddr>>,
}

impl Kept {
    /// Those that were known at the last `commit`; they stay known.
    fn earlier(&mut self, name: &DnsName, kind: Rtype) -> Vec<IpAddr> {
        let key = (name.clone(), kind.to_int());
        let addresses = self.before.get(&key).cloned().unwrap_or_default();
        self.now.insert(key, addresses.clone());
        addresses
    }

    /// Takes over what has been noted since; what has not is forgotten.
    pub(super) fn commit(&mut self) {
        self.before = std::mem::take(&mut self.now);
    }

    /// Forgets what has been noted since.
    pub(super) fn begin(&mut self) {
        self.now.clear();
    }
}

/// Asks for one name after the other, until there is an answer. A failure is an end too: what stands
/// further down is another service.
pub(super) fn search<T>(
    names: &[DnsName],
    mut ask: impl FnMut(&DnsName) -> Option<Outcome<T>>,
) -> Option<Outcome<T>> {
    let (mut empty, mut nothing) = (None, vec![]);
    for name in names {
        match ask(name)? {
            Outcome::Empty(ttl) => empty = empty.or(Some(ttl)),
            Outcome::Nothing(error) => nothing.push(error),
            end => return Some(end),
        }
    }
    Some(empty.map_or_else(|| Outcome::Nothing(nothing.join("; ")), Outcome::Empty))
}

/// The addresses of one name, of all families at once.
pub(super) fn addresses(
    name: &DnsName,
    exchange: &Exchange<'_>,
    kept: &mut Kept,
) -> Option<Outcome<Addresses>> {
    let families = exchange.setup.families;
    let questions: Vec<_> = families.iter().map(|kind| Question::new(name, *kind)).collect();
    let told = exchange.ask(&questions)?;
    Some(combine(name, &families.iter().copied().zip(told).collect::<Vec<_>>(), kept))
}

/// What the families come to together: one that fails does not lose another.
pub(super) fn combine(
    name: &DnsName,
    families: &[(Rtype, Told)],
    kept: &mut Kept,
) -> Outcome<Addresses> {
    let mut found = Addresses::default();
    let mut empty = None;
    for (kind, told) in families {
        let Ok(records) = told else { continue };
        let key = (name.clone(), kind.to_int());
        kept.now.insert(key, records.addresses.clone());
        // That there are none of one kind may hold for less long than what there is of another.
        let ttl = if records.addresses.is_empty() { &mut empty } else { &mut found.ttl };
        *ttl = records.ttl.map_or(*ttl, |seconds| lesser(*ttl, seconds));
        found.addresses.extend(&records.addresses);
    }
    let failed = || families.iter().filter_map(|(kind, told)| Some((kind, told.as_ref().err()?)));
    if failed().next().is_none() {
        return match found.addresses.is_empty() {
            true => Outcome::Empty(empty),
            false => Outcome::Found(found),
        };
    }
    let say = |(kind, why)| format!("{kind}: {why}");
    let error = format!("{name}: {}", failed().map(say).collect::<Vec<_>>().join("; "));
    if !found.addresses.is_empty() {
        for (kind, _) in failed() {
            let earlier = kept.earlier(name, *kind);
            if !earlier.is_empty() {
                found.stale = Some(error.clone());
            }
            found.addresses.extend(earlier);
        }
        return Outcome::Found(found);
    }
    if failed().all(|(_, why)| why.is_nothing()) {
        return match families.iter().any(|(_, told)| told.is_ok()) {
            true => Outcome::Empty(empty),
            false => Outcome::Nothing(error),
        };
    }
    Outcome::Failed(error)
}

/// The addresses of a name that fails altogether, as they were known last.
pub(super) fn earlier(name: &DnsName, families: &[Rtype], kept: &mut Kept) -> Vec<IpAddr> {
    families.iter().flat_map(|kind| kept.earlier(name, *kind)).collect()
}

#[cfg(all(test, not(loom)))]
mod tests {
    use domain::base::iana::Rcode;

    use super::super::failure::{Failure, Unanswered};
    use super::super::records::Records;
    use super::*;

    fn has(addresses: &[&str], ttl: u32) -> Told {
        let addresses = addresses.iter().map(|address| address.parse().unwrap()).collect();
        Ok(Records { addresses, ttl: Some(ttl), ..Records::default() })
    }

    fn fails(code: Rcode) -> Told {
        let server = "127.0.0.1:53".parse().unwrap();
        Err(Unanswered(vec![(server, Failure::Code(code.into()))]))
    }

    fn both(a: Told, aaaa: Told, kept: &mut Kept) -> Outcome<Addresses> {
        let name = "users.test".parse().unwrap();
        combine(&name, &[(Rtype::A, a), (Rtype::AAAA, aaaa)], kept)
    }

    fn found(outcome: Outcome<Addresses>) -> (Vec<String>, Option<u32>, Option<String>) {
        let Outcome::Found(found) = outcome else { panic!("{outcome:?}") };
        (found.addresses.iter().map(ToString::to_string).collect(), found.ttl, found.stale)
    }

    #[test]
    fn one_family_does_not_lose_the_other() {
        for refuses in [Rcode::REFUSED, Rcode::SERVFAIL, Rcode::NXDOMAIN] {
            let mut kept = Kept::default();
            let outcome = both(has(&["10.0.0.1"], 7), fails(refuses), &mut kept);
            assert_eq!(found(outcome), (vec!["10.0.0.1".into()], Some(7), None));
            let outcome = both(fails(refuses), has(&["::1"], 8), &mut kept);
            assert_eq!(found(outcome), (vec!["::1".into()], Some(8), None));
        }
        let outcome = both(has(&["10.0.0.1"], 7), has(&[], 1), &mut Kept::default());
        assert_eq!(found(outcome), (vec!["10.0.0.1".into()], Some(7), None));
    }

    #[test]
    fn a_family_that_fails_keeps_its_addresses() {
        let mut kept = Kept::default();
        let _ = both(has(&["10.0.0.1"], 7), has(&["::1"], 7), &mut kept);
        kept.commit();
        for _ in 0..2 {
            let outcome = both(has(&["10.0.0.2"], 7), fails(Rcode::SERVFAIL), &mut kept);
            let error = "users.test: AAAA: SERVFAIL (127.0.0.1:53)";
            let all = vec!["10.0.0.2".into(), "::1".into()];
            assert_eq!(found(outcome), (all, Some(7), Some(error.into())));
            kept.commit();
        }
        let _ = both(has(&["10.0.0.2"], 7), has(&[], 7), &mut kept);
        kept.commit();
        let outcome = both(has(&["10.0.0.2"], 7), fails(Rcode::SERVFAIL), &mut kept);
        assert_eq!(found(outcome).0, ["10.0.0.2"]);
    }

    #[test]
    fn without_an_address_only_what_is_certain_is_empty() {
        let mut kept = Kept::default();
        let mut of = |a, aaaa| both(a, aaaa, &mut kept);
        assert_eq!(of(has(&[], 9), has(&[], 8)), Outcome::Empty(Some(8)));
        assert_eq!(of(has(&[], 9), fails(Rcode::NXDOMAIN)), Outcome::Empty(Some(9)));
        let both = "users.test: A: SERVFAIL (127.0.0.1:53); AAAA: NXDOMAIN (127.0.0.1:53)";
        let outcome = of(fails(Rcode::SERVFAIL), fails(Rcode::NXDOMAIN));
        assert_eq!(outcome, Outcome::Failed(both.into()));
        let outcome = of(has(&[], 9), fails(Rcode::REFUSED));
        assert_eq!(outcome, Outcome::Failed("users.test: AAAA: REFUSED (127.0.0.1:53)".into()));
        let outcome = of(fails(Rcode::NXDOMAIN), fails(Rcode::NXDOMAIN));
        assert!(matches!(outcome, Outcome::Nothing(_)));
    }

    #[test]
    fn a_search_ends_with_an_answer_or_a_failure() {
        let names: Vec<DnsName> = ["a", "b", "c"].map(|name| name.parse().unwrap()).into();
        let play = |script: [Outcome<u8>; 3]| {
            let mut script = script.into_iter();
            search(&names, |_| script.next()).unwrap()
        };
        let nothing = || Outcome::Nothing("n".into());
        let failed = || Outcome::Failed("f".into());
        assert_eq!(play([nothing(), Outcome::Found(1), failed()]), Outcome::Found(1));
        assert_eq!(play([nothing(), failed(), Outcome::Found(1)]), failed());
        assert_eq!(play([nothing(), Outcome::Empty(None), nothing()]), Outcome::Empty(None));
        assert_eq!(play([nothing(), nothing(), nothing()]), Outcome::Nothing("n; n; n".into()));
    }
}
