//! Tables for people.

use comfy_table::presets::ASCII_MARKDOWN;
use comfy_table::{CellAlignment, Table};

use crate::simulator::jobs::Ran;
use crate::simulator::measures::{COLUMNS, Figure};
use crate::simulator::world::World;

/// The table of a world: a rule a line, and how far its p99 is from the best.
pub(crate) fn table(world: &World, ran: &[Ran]) -> String {
    let columns: Vec<_> = COLUMNS.iter().filter(|(figure, _)| is_of(world, *figure)).collect();
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN);
    let headings = columns.iter().map(|(_, heading)| *heading);
    table.set_header(["rule"].into_iter().chain(headings).chain(["p99 ÷ best"]));
    let best = ran.iter().map(|ran| ran.figures.get(Figure::P99)).fold(f64::INFINITY, f64::min);
    for ran in ran {
        let cells = columns.iter().map(|(figure, _)| shown(ran.figures.get(*figure)));
        let ratio = shown(ran.figures.get(Figure::P99) / best);
        table.add_row([ran.rule.clone()].into_iter().chain(cells).chain([ratio]));
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    format!("### {}\n\n{} (ms)\n\n{table}\n", world.name, world.title)
}

/// Whether requests may fail in a world.
pub(crate) fn fails(world: &World) -> bool {
    world.fail_everywhere > 0.0
        || world.queue_limit.is_some()
        || world.deadline.is_some()
        || world.troubles.iter().any(|trouble| trouble.fail > 0.0 || trouble.down)
}

/// Whether a figure says anything of a world.
fn is_of(world: &World, figure: Figure) -> bool {
    match figure {
        Figure::Bad => !world.bad.list().is_empty(),
        Figure::Errors | Figure::Answered => fails(world),
        Figure::Goodput | Figure::OfIdeal => world.deadline.is_some(),
        Figure::Peak => world.watch.is_some(),
        Figure::BackAfter => world.well.is_some(),
        _ => true,
    }
}

/// A figure, with as many digits as say something.
pub(crate) fn shown(value: f64) -> String {
    match value.abs() {
        _ if value.is_nan() => "-".into(),
        _ if value.is_infinite() => "never".into(),
        x if x >= 1000.0 => format!("{value:.0}"),
        x if x >= 100.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}
