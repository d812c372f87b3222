//! Settings as text and by methods.

use std::num::NonZeroU32;
use std::time::Duration;

use super::ListOptions;
use super::text::SETTINGS;
use crate::wait::QueueOrder;

#[test]
fn the_defaults_in_the_rows_are_those_of_the_settings() {
    let defaults = ListOptions::new();
    assert_eq!(SETTINGS.iter().map(|key| key.check(&defaults)).count(), 16);
}

#[test]
fn every_key_is_read_and_printed() {
    let text = "name=a\\,b,capacity=100,shuffle=off,seed=7,fail-fast,timeout=forever,\
                max-pending=3,queue=lifo,max-waiting=0,eject=5,panic=fail,panic-threshold=20,\
                subset=20,client=3/10,spill=70,zone=eu-1";
    let options: ListOptions = text.parse().unwrap();
    assert_eq!(options.to_string(), text);
    assert_eq!(options.name.as_deref(), Some("a,b"));
    assert_eq!((options.capacity, options.seed), (100, Some(7)));
    assert!(!options.shuffle && options.fail_fast);
    assert_eq!(options.default_timeout, Duration::MAX);
    assert_eq!((options.max_pending, options.max_waiting), (NonZeroU32::new(3), Some(0)));
    assert_eq!(options.queue, QueueOrder::Lifo);
    assert_eq!("".parse::<ListOptions>().unwrap().to_string(), "");
    assert_eq!(
        "shuffle,fail-fast=off,name=,queue=adaptive".parse::<ListOptions>().unwrap().to_string(),
        ""
    );
}

#[test]
fn what_methods_set_parses_back() {
    let options = ListOptions::new()
        .with_name(r"back\slash, comma = 1")
        .with_capacity(usize::MAX)
        .with_shuffle(false)
        .with_seed(u64::MAX)
        .with_fail_fast(true)
        .with_default_timeout(Duration::new(u64::MAX, 1));
    let text = r"name=back\\slash\, comma = 1,capacity=16777216,shuffle=off,seed=18446744073709551615,fail-fast,timeout=18446744073709551615000000001ns";
    assert_eq!(options.to_string(), text);
    assert_eq!(text.parse::<ListOptions>().unwrap().to_string(), text);
    assert_eq!(options.with_name("").name, None);
    let seed = "seed=0".parse::<ListOptions>().unwrap();
    assert_eq!((seed.seed, seed.to_string()), (Some(0), "seed=0".into()));
}

#[test]
fn methods_stay_on_top_of_a_text() {
    let options: ListOptions = "fail-fast,timeout=1s,name=text".parse().unwrap();
    let options = options.with_fail_fast(false).with_name("method");
    assert_eq!(options.to_string(), "name=method,timeout=1s");
}

#[test]
fn errors_name_what_is_wrong_and_what_would_be_right() {
    let error = |text: &str| text.parse::<ListOptions>().unwrap_err().to_string();
    assert_eq!(
        error("fail-fast,timeuot=1s"),
        "options at byte 10: there is no key \"timeuot\"; need one of name, capacity, \
         shuffle, seed, fail-fast, timeout, max-pending, queue, max-waiting, eject, panic, \
         panic-threshold, subset, client, spill, zone"
    );
    assert_eq!(
        error("timeout=500"),
        "options at byte 0: timeout=\"500\" must be a whole number of ns, us, ms, s, m or h, \
         such as 200ms, or forever"
    );
    assert_eq!(
        error("client=10/10"),
        "options at byte 0: client=\"10/10\" must be INDEX/COUNT with INDEX below COUNT, such as \
         3/10, or a name"
    );
    assert_eq!(error("panic=on"), "options at byte 0: panic=\"on\" must be off, any or fail");
    assert_eq!(
        error("capacity=16777217"),
        "options at byte 0: capacity=\"16777217\" must be a whole number from 0 to 16777216"
    );
    assert_eq!(
        error("max-pending=0"),
        "options at byte 0: max-pending=\"0\" must be a whole number from 1 to 16777216"
    );
    assert_eq!(
        error("queue=random"),
        "options at byte 0: queue=\"random\" must be adaptive, fifo or lifo"
    );
    let mut options: ListOptions = "seed=3".parse().unwrap();
    assert_eq!(
        options.set("seed", "-3").unwrap_err().to_string(),
        "options: seed=\"-3\" must be a whole number from 0 to 18446744073709551615"
    );
    options.set("name", r"a,\b").unwrap();
    assert_eq!(options.to_string(), r"name=a\,\\b,seed=3");
}
