//! The options, read and written.

use super::*;

#[test]
fn the_rows_say_the_defaults() {
    for setting in &SETTINGS {
        setting.check(&ProbeOptions::default());
    }
}

#[test]
fn a_text_says_what_the_methods_set() {
    let ms = Duration::from_millis;
    let options = ProbeOptions::http("/up?a=b").unwrap().with_host("users:80").unwrap();
    let options = options.with_expect("200 404-410").unwrap().with_port(9000);
    let options = options.with_interval(ms(100)).with_jitter(0).with_timeout(ms(50));
    let options = options.with_rise(1).with_fall(1).with_at_once(7).with_doubt_failures(true);
    let options = options.with_fast_interval(ms(10)).with_slow_interval(ms(1000));
    let text = "check=http,path=/up?a=b,host=users:80,expect=200 404-410,port=9000,\
                interval=100ms,jitter=0,timeout=50ms,rise=1,fall=1,fast-interval=10ms,\
                slow-interval=1s,at-once=7,doubt-failures";
    assert_eq!(options.to_string(), text);
    assert_eq!(text.parse(), Ok(options));
    assert_eq!(ProbeOptions::tcp().to_string(), "");
}

#[test]
fn what_is_wrong_is_named_with_what_would_be_right() {
    for (text, error) in [
        ("check=grpc", "options at byte 0: check=\"grpc\" must be tcp or http"),
        ("check=http,path=up", "options at byte 11: path=\"up\" must be a path that begins"),
        ("check=http,path=/a b", "options at byte 11: path=\"/a b\" must be a path"),
        ("check=http,path=/\r\nX: y", "options at byte 11: path=\"/\\r\\nX: y\" must be"),
        ("check=http,host=a b", "options at byte 11: host=\"a b\" must be a name"),
        ("check=http,expect=2xx", "options at byte 11: expect=\"2xx\" must be statuses and"),
        ("path=/up", "options: path=\"/up\" must be left out, or check=http be given"),
        ("interval=0s", "options at byte 0: interval=\"0s\" must be a duration from 1ms"),
        ("interval=25h", "options at byte 0: interval=\"25h\" must be a duration from 1ms"),
        ("fast-interval=forever", "options at byte 0: fast-interval=\"forever\" must be a"),
        ("at-once=0", "options at byte 0: at-once=\"0\" must be a whole number from 1"),
        ("port=65536", "options at byte 0: port=\"65536\" must be a whole number from 0"),
        ("every=2s", "options at byte 0: there is no key \"every\"; need one of check, path"),
    ] {
        let found = text.parse::<ProbeOptions>().unwrap_err().to_string();
        assert!(found.starts_with(error), "{text}: {found}");
    }
    let mut options = ProbeOptions::tcp();
    options.set("check", "grpc").unwrap_err();
    options.set("timeout", "").unwrap_err();
    assert_eq!(options, ProbeOptions::tcp());
}
