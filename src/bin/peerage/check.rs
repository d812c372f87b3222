//! `peerage check`: is a configuration right?

use std::io::{self, Write};
use std::path::PathBuf;

use comfy_table::presets::NOTHING;
use comfy_table::{ContentArrangement, Table};
use peerage::config::{ChooserConfig, Config, PeersConfig};

use crate::fault::{Fault, complain};
use crate::name::{line, word};
use crate::origin::wrong;

/// Check configurations, and print what was understood
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  peerage check choosers.yaml
  peerage check --quiet /etc/users/*.yaml

What is wrong is told on standard error, a line each: FILE:LINE:COLUMN: KEY: what; what would be right.
The exit code is 2 then. A line with `note:` is of what is passed over, and no fault. No source is asked.")]
pub(crate) struct Args {
    /// Configurations: YAML or JSON
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// Print nothing of what is right
    #[arg(long)]
    quiet: bool,
}

pub(crate) fn run(args: &Args) -> Result<(), Fault> {
    let mut lines = vec![];
    let mut out = io::stdout();
    for file in &args.files {
        match Config::read(file) {
            Err(errors) => lines.extend(wrong(&errors)),
            Ok(config) => {
                config.notes.iter().for_each(|note| complain(&format!("note: {note}")));
                if !args.quiet {
                    write!(out, "{}", summary(&line(&file.display().to_string()), &config))?;
                }
            }
        }
    }
    out.flush()?;
    if lines.is_empty() { Ok(()) } else { Err(Fault::Wrong(lines)) }
}

/// What was understood, a line for each chooser.
fn summary(file: &str, config: &Config) -> String {
    let count = config.choosers.len();
    let mut table = Table::new();
    table.load_style(NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(["CHOOSER", "POLICY", "OPTIONS", "PROBES", "PEERS"]);
    for (name, chooser) in &config.choosers {
        table.add_row(cells(name, chooser));
    }
    let choosers = if count == 1 { "chooser" } else { "choosers" };
    let mut text = format!("{file}: {count} {choosers}\n");
    if count > 0 {
        text.extend(table.lines().map(|line| format!("  {}\n", line.trim())));
    }
    text
}

fn cells(name: &str, chooser: &ChooserConfig) -> [String; 5] {
    let or_none = |text: String| if text.is_empty() { "-".to_owned() } else { text };
    let probes = chooser.probes.as_ref().map_or_else(
        || "-".into(),
        |probes| match probes.to_string() {
            text if text.is_empty() => "check=tcp".into(),
            text => text,
        },
    );
    let peers = match &chooser.peers {
        PeersConfig::Source(uri) => uri.to_string(),
        PeersConfig::Members(members) => format!("{} listed", members.len()),
        _ => "?".into(),
    };
    let (policy, options) = (chooser.policy.to_string(), or_none(chooser.options.to_string()));
    // Any text may be in them, and each chooser is one line.
    [word(name), line(&policy), line(&options), line(&probes), line(&peers)]
}
