//! The command line.

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand};
use clap_complete::Shell;
use peerage::transports::ProbeOptions;

use crate::fault::Fault;
use crate::{check, explain, simulate, top, watch};

/// Which peer gets this request? Looks at configurations, sources of peers and policies.
#[derive(Debug, Parser)]
#[command(name = "peerage", version, after_help = format!("{EXAMPLES}\n\n{EXITS}"))]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  peerage check choosers.yaml
  peerage watch dns:users.internal:8080
  peerage top users.peers --probe http,path=/healthz
  peerage explain users.peers user-42 --policy maglev
  peerage simulate world.toml --policies least-loaded,round-robin

Durations are a number and a unit: 500ms, 2s, 5m.";

/// The rule of all subcommands.
const EXITS: &str = "\
Exits with 0; with 1 if what was asked for failed, such as a source that does not answer; with 2 if it was
asked wrongly, or a file is wrong or cannot be read.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Check(check::Args),
    Watch(watch::Args),
    Top(top::Args),
    Simulate(simulate::Args),
    Explain(explain::Args),
    /// Print the completion of a shell, for its configuration or a package
    #[command(after_help = "Example:\n  peerage completion bash >/etc/bash_completion.d/peerage")]
    Completion {
        /// Which shell
        shell: Shell,
    },
    /// Print the manual page, or write all pages into a folder, for a package
    #[command(
        after_help = "Examples:\n  peerage man | man -l -\n  peerage man /usr/share/man/man1"
    )]
    Man {
        /// Write the pages of the program and of each subcommand here
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
    },
}

/// Reads the command line. Help and the version are printed, and end the program.
pub(crate) fn read() -> Result<Command, Fault> {
    match Args::try_parse() {
        Ok(args) => Ok(args.command),
        Err(error) => match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
                let mut out = std::io::stdout();
                write!(out, "{error}")?;
                out.flush()?;
                std::process::exit(0);
            }
            ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                Err(Fault::wrong("need a subcommand; see peerage --help"))
            }
            _ => Err(Fault::wrong(one_line(&error.to_string()))),
        },
    }
}

/// The error without the usage, which `--help` has.
fn one_line(text: &str) -> String {
    let text = text.strip_prefix("error: ").unwrap_or(text);
    let lines = text.lines().map(str::trim);
    let lines =
        lines.take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more"));
    let mut joined = String::new();
    for line in lines.filter(|line| !line.is_empty()) {
        match joined.chars().last() {
            None => {}
            Some(':') => joined.push(' '),
            Some(_) => joined.push_str("; "),
        }
        joined.push_str(line);
    }
    joined
}

/// For completion and the manual, where each page says how its subcommand exits.
pub(crate) fn command() -> clap::Command {
    Args::command().mut_subcommands(|subcommand| {
        let help = subcommand.get_after_help().map(ToString::to_string).unwrap_or_default();
        subcommand.after_help(format!("{help}\n\n{EXITS}"))
    })
}

/// Longer is a mistake, and there is no clock that goes on for all that can be written.
const LONGEST: Duration = Duration::from_secs(36_500 * 24 * 60 * 60);

/// A duration, as `500ms`.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let duration = humantime::parse_duration(text)
        .map_err(|error| format!("{error}; need such as 500ms, 2s, 5m"))?;
    if duration > LONGEST {
        return Err("a duration is at most 36500days".into());
    }
    Ok(duration)
}

/// The same, and more than nothing.
pub(crate) fn interval(text: &str) -> Result<Duration, String> {
    let interval = duration(text)?;
    if interval < Duration::from_millis(10) {
        return Err("an interval is at least 10ms".into());
    }
    Ok(interval)
}

/// What a probe does: `tcp`, `http`, or these and other keys of [`ProbeOptions`].
pub(crate) fn probe(text: &str) -> Result<ProbeOptions, String> {
    let first = text.split(',').next().unwrap_or(text);
    let text = if matches!(first, "tcp" | "http") { format!("check={text}") } else { text.into() };
    text.parse().map_err(|error: peerage::error::SpecError| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        command().debug_assert();
    }

    #[test]
    fn an_error_is_one_line() {
        for (args, line) in [
            (&["watch"][..], "the following required arguments were not provided: <FILE|URI>"),
            (&["watch", "a", "--for", "x"], "invalid value 'x' for '--for <DURATION>': "),
            (&["wach"], "unrecognized subcommand 'wach'; tip: "),
        ] {
            let args = ["peerage"].iter().chain(args);
            let found = one_line(&Args::try_parse_from(args).unwrap_err().to_string());
            assert!(found.starts_with(line) && !found.contains('\n'), "{found}");
        }
    }

    #[test]
    fn a_probe_is_named_first() {
        assert_eq!(probe("tcp").unwrap(), ProbeOptions::tcp());
        assert_eq!(probe("http,path=/up").unwrap(), ProbeOptions::http("/up").unwrap());
        let of = |text| probe(text).unwrap().to_string();
        assert_eq!(of("interval=1s"), "interval=1s");
        assert!(probe("udp").unwrap_err().contains("udp"));
    }
}
