//! Wrong use, help, and the version.

use crate::program::{Folder, run, run_in};

#[test]
fn wrong_use_is_one_line_and_ends_with_two() {
    for (args, says) in [
        (&[][..], "need a subcommand; see peerage --help"),
        (&["wach"], "unrecognized subcommand 'wach'; tip: a similar subcommand exists: 'watch'"),
        (&["watch"], "the following required arguments were not provided: <FILE|URI>"),
        (&["watch", "static:a:80", "--jsn"], "unexpected argument '--jsn' found; tip: "),
        (&["watch", "static:a:80", "--for", "2"], "invalid value '2' for '--for <DURATION>': "),
        (
            &["watch", "consul:users"],
            "no source is called \"consul\"; need one of static, file, dns",
        ),
        (
            &["watch", "dns:users"],
            "source \"dns\" at byte 4: \"users\" is not of the form NAME:PORT",
        ),
        (
            &["watch", "static:a:80", "--probe", "udp"],
            "invalid value 'udp' for '--probe <CHECK>': ",
        ),
        (
            &["top", "static:a:80", "--interval", "1ms"],
            "invalid value '1ms' for '--interval <DURATION>': ",
        ),
        (
            &["top", "static:a:80", "--interval", "500000000000y"],
            "invalid value '500000000000y' for '--interval <DURATION>': a duration is at most ",
        ),
        (
            &["explain", "static:a:80", "k", "--timeout", "500000000000y"],
            "invalid value '500000000000y' for '--timeout <DURATION>': a duration is at most ",
        ),
        (&["explain", "static:a:80"], "the following required arguments were not provided: <KEY>"),
        (
            &["explain", "static:a:80", "k", "--policy", "best"],
            "invalid value 'best' for '--policy <SPEC>': no policy is called \"best\"; need one of ",
        ),
        (&["simulate"], "the following required arguments were not provided: "),
        (
            &["simulate", "w.toml", "--seeds", "0"],
            "invalid value '0' for '--seeds <N>': 0 is not in 1..=100",
        ),
        (&["completion", "tcsh"], "invalid value 'tcsh' for '<SHELL>'; [possible values: bash, "),
    ] {
        let fault = run(args).fault(2);
        assert!(fault.starts_with(&format!("peerage: {says}")), "{args:?}: {fault}");
        assert_eq!(fault.lines().count(), 1, "{args:?}: {fault}");
    }
}

/// Of each subcommand that is given one.
#[test]
fn a_file_that_cannot_be_read_ends_with_two() {
    let folder = Folder::new();
    for args in [
        &["check", "missing.yaml"][..],
        &["watch", "missing.yaml"],
        &["watch", "missing", "--once"],
        &["watch", "missing", "--for", "50ms"],
        &["top", "missing.yaml"],
        &["top", "missing", "--once"],
        &["top", "missing", "--for", "50ms"],
        &["explain", "missing.yaml", "k"],
        &["explain", "missing", "k"],
        &["explain", "missing.json", "k"],
        &["explain", "missing", "k", "--chooser", "a"],
        &["simulate", "missing.toml"],
    ] {
        let fault = run_in(folder.path(), args).fault(2);
        assert!(fault.contains("missing"), "{args:?}: {fault}");
    }
}

/// A configuration that is right is no reason for another code.
#[test]
fn a_source_that_does_not_answer_ends_with_one() {
    let folder = Folder::new();
    let uri = "http://127.0.0.1:1/users";
    folder.put("u.yaml", format!("choosers: {{u: {{policy: maglev, source: '{uri}'}}}}"));
    for origin in [uri, "u.yaml"] {
        for args in [
            &["watch", origin, "--once"][..],
            &["top", origin, "--once"],
            &["explain", origin, "k"],
        ] {
            let fault = run_in(folder.path(), args).fault(1);
            assert!(fault.starts_with(&format!("peerage: source \"{uri}\"")), "{args:?}: {fault}");
        }
    }
}

#[test]
fn help_has_examples() {
    let help = run(&["--help"]).good();
    for subcommand in ["check", "watch", "top", "simulate", "explain", "completion", "man"] {
        assert!(help.contains(&format!("\n  {subcommand} ")), "{help}");
        let help = run(&[subcommand, "--help"]).good();
        assert!(
            help.contains("Example") && help.contains(&format!("\n  peerage {subcommand}")),
            "{help}"
        );
    }
}

#[test]
fn the_version_is_that_of_the_crate() {
    let version = concat!("peerage ", env!("CARGO_PKG_VERSION"), "\n");
    assert_eq!(run(&["--version"]).good(), version);
}
