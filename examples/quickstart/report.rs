//! The line while it runs, and the tables afterwards.

use std::error::Error;
use std::fmt::Write;
use std::sync::atomic::Ordering;
use std::time::Duration;

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{CellAlignment, Table};
use hdrhistogram::Histogram;
use indicatif::{HumanCount, ProgressBar, ProgressStyle};
use peerage::ChooserStatus;

use crate::load::Load;
use crate::server::Server;
use crate::tally::{PeerTally, Tally};
use crate::timeline::{Timeline, Waits};

/// The live line, on standard error if that is a terminal.
pub(crate) struct Progress {
    bar: ProgressBar,
    total: Duration,
}

impl Progress {
    pub(crate) fn new(total: Duration) -> Result<Self, Box<dyn Error>> {
        let bar = ProgressBar::new(u64::try_from(total.as_millis())?);
        bar.set_style(ProgressStyle::with_template("{bar:16} {msg}")?);
        Ok(Self { bar, total })
    }

    pub(crate) fn show(&self, now: Duration, load: &Load) {
        let served = load.served.load(Ordering::Relaxed);
        let rate = served as f64 / now.as_secs_f64().max(0.001);
        self.bar.set_message(format!(
            "{:.1}/{} s, {} served ({}/s), {} failed, {}/{} available",
            now.min(self.total).as_secs_f64(),
            self.total.as_secs(),
            HumanCount(served),
            HumanCount(rate as u64),
            HumanCount(load.failed.load(Ordering::Relaxed)),
            load.list.available(),
            load.list.available() + load.list.unavailable(),
        ));
        self.bar.set_position(u64::try_from(now.as_millis()).unwrap_or(u64::MAX));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// What is known at the end.
pub(crate) struct Report<'a> {
    pub(crate) timeline: &'a Timeline,
    pub(crate) servers: &'a [Server],
    pub(crate) status: &'a ChooserStatus,
    pub(crate) tally: &'a Tally,
    /// Connections made, and attempts that failed.
    pub(crate) dials: (u64, u64),
}

impl Report<'_> {
    pub(crate) fn text(&self) -> Result<String, Box<dyn Error>> {
        let mut out = String::from("What happened\n");
        for (at, what) in self.timeline.entries() {
            writeln!(out, "  {:7.3} s  {what}", at.as_secs_f64())?;
        }
        writeln!(
            out,
            "\nServers (work: mean time for one request, one at a time)\n{}\n",
            self.table()?
        )?;
        self.requests(&mut out)?;
        waits(&mut out, self.timeline.waits())?;
        let (made, refused) = self.dials;
        writeln!(
            out,
            "Connections  {} made, each used for {} requests on average; {} attempts failed",
            HumanCount(made),
            HumanCount(self.tally.served / made.max(1)),
            HumanCount(refused)
        )?;
        Ok(out)
    }

    fn table(&self) -> Result<Table, Box<dyn Error>> {
        let mut table = Table::new();
        table.load_style(UTF8_FULL_CONDENSED);
        table.set_header([
            "server", "work", "requests", "share", "failed", "p50 ms", "p99 ms", "status",
        ]);
        let tries: u64 = self.tally.peers.values().map(PeerTally::tries).sum();
        let mut sum = PeerTally::new()?;
        let none = PeerTally::new()?;
        for server in self.servers {
            let address = server.address();
            let peer = self.tally.peers.get(&address).unwrap_or(&none);
            sum.merge(peer);
            let status = self.status.peers.iter().find(|peer| peer.identifier == address);
            let status = status.map_or_else(
                || "removed".to_owned(),
                |peer| peer.status.connection_status.to_string(),
            );
            let work = format!("{:?}", server.service_time());
            let name = format!("{} :{}", server.name(), server.port());
            table.add_row(row(name, work, peer, tries, status));
        }
        table.add_row(row("all".into(), String::new(), &sum, tries, String::new()));
        for column in table.column_iter_mut().skip(1).take(6) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        Ok(table)
    }

    fn requests(&self, out: &mut String) -> std::fmt::Result {
        let tally = self.tally;
        let [made, served, failed, retried] =
            [tally.made, tally.served, tally.failures(), tally.retried].map(HumanCount);
        writeln!(out, "Requests     {made} made = {served} served + {failed} failed")?;
        for (cause, count) in &tally.failed {
            writeln!(out, "             {} failed: {cause}", HumanCount(*count))?;
        }
        let executed = self.executed();
        let unseen = HumanCount(executed.saturating_sub(tally.served));
        let executed = HumanCount(executed);
        writeln!(
            out,
            "Executed     {executed} = {served} served + {unseen} whose answer was lost"
        )?;
        writeln!(out, "Retries      {retried}, each after a try that no server can have seen")
    }

    /// How many requests the servers say they have executed.
    pub(crate) fn executed(&self) -> u64 {
        self.servers.iter().map(Server::executed).sum()
    }
}

fn row(name: String, work: String, peer: &PeerTally, tries: u64, status: String) -> [String; 8] {
    let share = 100.0 * peer.tries() as f64 / tries.max(1) as f64;
    [
        name,
        work,
        HumanCount(peer.tries()).to_string(),
        format!("{share:.1}%"),
        HumanCount(peer.failed).to_string(),
        quantile(&peer.latency, 0.5),
        quantile(&peer.latency, 0.99),
        status,
    ]
}

fn quantile(latency: &Histogram<u64>, quantile: f64) -> String {
    if latency.is_empty() {
        return "-".into();
    }
    format!("{:.2}", latency.value_at_quantile(quantile) as f64 / 1000.0)
}

fn waits(out: &mut String, waits: Waits) -> std::fmt::Result {
    let all = waits.served + waits.timed_out;
    write!(
        out,
        "Waits        {} requests met a list without an available server",
        HumanCount(all)
    )?;
    if all > 0 {
        let millis = |time: Duration| time.as_secs_f64() * 1000.0;
        write!(
            out,
            ":\n             {} waited and got one, {} timed out; mean {:.2} ms, longest {:.2} ms",
            HumanCount(waits.served),
            HumanCount(waits.timed_out),
            millis(waits.total) / all as f64,
            millis(waits.longest)
        )?;
    }
    out.push('\n');
    Ok(())
}
