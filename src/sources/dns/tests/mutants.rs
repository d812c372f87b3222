//! Answers with faults put into them: none is an answer that the server did not give, and none makes
//! the reader panic or read for long.

use std::collections::HashSet;
use std::net::IpAddr;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use domain::base::Rtype;
use domain::base::iana::Rcode;
use proptest::collection::vec;
use proptest::prelude::*;

use super::super::name::DnsName;
use super::super::question::{Asked, Question, Reply};
use super::super::records::Records;
use super::query::Query;

/// Questions and good answers. No name in them is as long as an address, or an alias whose type is changed
/// would be one.
static GOOD: LazyLock<Vec<(Asked, Vec<u8>)>> = LazyLock::new(|| {
    let asked = |kind| {
        let name: DnsName = "users.test".parse().unwrap();
        let asked = Question::new(&name, kind).asked(true);
        let query = Query::new(&asked.bytes, ([127, 0, 0, 1], 1).into(), false);
        (asked, query)
    };
    let chain = |kind, addresses: &[&str]| {
        let (asked, query) = asked(kind);
        let said = query.addresses_of("second.users.test", 60, addresses);
        let said = said.alias("first.users.test", 60, "second.users.test");
        (asked, said.alias("users.test", 60, "first.users.test").bytes())
    };
    let (services, query) = asked(Rtype::SRV);
    let said = query.says(Rcode::NOERROR).service(60, [10, 5, 8001], "first.users.test");
    let said = said.service(60, [20, 5, 8002], "second.users.test").with(
        "first.users.test",
        60,
        "10.0.0.1",
    );
    let (none, empty) = asked(Rtype::A);
    vec![
        chain(Rtype::A, &["10.0.0.1", "10.0.0.2", "10.0.0.3"]),
        chain(Rtype::AAAA, &["2001:db8::1", "2001:db8::2"]),
        (services, said.with("second.users.test", 60, "2001:db8::2").bytes()),
        (none, empty.none(60).bytes()),
    ]
});

fn addresses(records: &Records) -> HashSet<IpAddr> {
    let added = records.added.iter().map(|(_, address, _)| *address);
    records.addresses.iter().copied().chain(added).collect()
}

fn read(asked: &Asked, bytes: &[u8]) -> Option<Records> {
    let begun = Instant::now();
    let reply = asked.reply(bytes);
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    match reply {
        Reply::Records(records) => Some(records),
        _ => None,
    }
}

/// Every byte as every other one. The bytes of addresses are left: with those it is another address.
#[test]
fn no_byte_makes_another_answer() {
    for (asked, good) in GOOD.iter() {
        let all = addresses(&read(asked, good).expect("a good answer"));
        let is_data = |at: usize| {
            all.iter().any(|address| match address {
                IpAddr::V4(address) => covers(good, &address.octets(), at),
                IpAddr::V6(address) => covers(good, &address.octets(), at),
            })
        };
        for at in (0..good.len()).filter(|at| !is_data(*at)) {
            let mut bytes = good.clone();
            for byte in 0..=255 {
                bytes[at] = byte;
                let Some(records) = read(asked, &bytes) else { continue };
                assert!(addresses(&records).is_subset(&all), "byte {at} is {byte}: {records:?}");
            }
        }
    }
}

/// Whether `at` is inside of an occurrence of `data`.
fn covers(bytes: &[u8], data: &[u8], at: usize) -> bool {
    (at.saturating_sub(data.len() - 1)..=at).any(|begin| bytes[begin..].starts_with(data))
}

/// All that a message's end can be cut off, and what can be behind it.
#[test]
fn a_part_of_an_answer_is_none() {
    for (asked, good) in GOOD.iter() {
        let all = read(asked, good);
        for end in 0..good.len() {
            let cut = read(asked, &good[..end]);
            assert!(cut.is_none() || cut == all, "cut at {end}: {cut:?}");
        }
        assert_eq!(read(asked, &[&good[..], &[0xc0; 64]].concat()), all);
    }
}

#[test]
fn a_compressed_name_that_leads_to_itself_ends() {
    for (asked, good) in GOOD.iter() {
        for at in 12..good.len() - 1 {
            for to in 0..good.len() as u16 {
                let mut bytes = good.clone();
                bytes[at..at + 2].copy_from_slice(&(0xc000 | to).to_be_bytes());
                let _ = read(asked, &bytes);
            }
        }
    }
}

/// The longest message, of nothing but aliases whose names are pointers into one long name.
#[test]
fn the_longest_answer_is_read_soon() {
    let (asked, good) = &GOOD[0];
    let mut bytes = good[..12 + 16].to_vec();
    let records = (u16::MAX as usize - bytes.len()) / 14;
    bytes[6..8].copy_from_slice(&(records as u16).to_be_bytes());
    bytes[8..12].fill(0);
    for _ in 0..records {
        // users.test is an alias of test.
        bytes.extend([0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, 2, 0xc0, 18]);
    }
    assert!(read(asked, &bytes).is_none());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn faults_in_many_places_do_no_harm(
        which in 0..4_usize,
        faults in vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        cut in any::<prop::sample::Index>(),
        is_cut: bool,
        moved in proptest::option::of((any::<prop::sample::Index>(), any::<prop::sample::Index>())),
    ) {
        let (asked, good) = &GOOD[which];
        let mut bytes = good.clone();
        for (at, byte) in faults {
            // The number and the question are left, or nothing would be read at all.
            let at = 2 + at.index(bytes.len() - 2);
            if !(12..28).contains(&at) {
                bytes[at] = byte;
            }
        }
        bytes[2] |= 0x80;
        if let Some((from, to)) = moved {
            let (from, to) = (28 + from.index(bytes.len() - 28), 28 + to.index(bytes.len() - 28));
            let piece = bytes[from..].to_vec();
            bytes.splice(to..to, piece);
        }
        if is_cut {
            bytes.truncate(28 + cut.index(bytes.len() - 28));
        }
        if let Some(records) = read(asked, &bytes) {
            let most = bytes.len() / 12;
            prop_assert!(records.addresses.len() + records.added.len() <= most);
        }
    }

    #[test]
    fn anything_at_all_is_no_answer(bytes in vec(any::<u8>(), 0..600)) {
        prop_assert!(read(&GOOD[0].0, &bytes).is_none());
    }
}
