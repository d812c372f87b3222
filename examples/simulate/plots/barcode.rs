//! Weighted sequences, a bar for each choice.

use peerage::policy::PolicySpec;
use peerage::transports::Always;
use peerage::{
    AnyChooser, Attributes, Chooser, Lifecycle, List, ListOptions, ListUpdates, Member, Outcome,
    Request,
};
use plotters::prelude::*;

use super::{Drawn, Scene};
use crate::simulator::lines::{COLOURS, FONT, TITLE};

const WEIGHTS: [u16; 6] = [1, 1, 1, 1, 4, 8];
const PICKS: usize = 64;

/// The same weights by three rotations: each peer as often as its weight in a row, as pingora has
/// it; the earliest deadline first, as Envoy has it; and this crate's.
pub(super) fn weights(scene: &Scene<'_>) -> Drawn {
    let mut rows = vec![
        ("each in a row (pingora)", repeated()),
        ("earliest deadline first (Envoy)", deadlines()),
    ];
    match ours() {
        Ok(picks) => rows.push(("weighted-round-robin", picks)),
        Err(error) => eprintln!("left out of weights.svg: {error}"),
    }
    let height = 50 + 70 * rows.len() as i32;
    let area = SVGBackend::new(scene.file, (900, height as u32)).into_drawing_area();
    area.fill(&WHITE)?;
    let title = format!("The first {PICKS} choices of peers of weights 1, 1, 1, 1, 4 and 8");
    area.draw(&Text::new(title, (12, 10), TITLE.into_font()))?;
    for (row, (name, picks)) in rows.iter().enumerate() {
        let y = 46 + 70 * row as i32;
        area.draw(&Text::new(*name, (12, y), FONT.into_font()))?;
        for (nth, peer) in picks.iter().enumerate() {
            let x = 12 + 13 * nth as i32;
            let corners = [(x, y + 18), (x + 12, y + 52)];
            area.draw(&Rectangle::new(corners, COLOURS[*peer].filled()))?;
        }
    }
    area.present()?;
    Ok(())
}

fn repeated() -> Vec<usize> {
    let rounds = WEIGHTS.iter().enumerate();
    let round = rounds.flat_map(|(peer, weight)| (0..*weight).map(move |_| peer));
    round.collect::<Vec<_>>().into_iter().cycle().take(PICKS).collect()
}

fn deadlines() -> Vec<usize> {
    let mut due = WEIGHTS.map(|weight| 1.0 / f64::from(weight));
    let next = |_| {
        let earliest = (0..due.len()).min_by(|a, b| due[*a].total_cmp(&due[*b])).unwrap_or(0);
        due[earliest] += 1.0 / f64::from(WEIGHTS[earliest]);
        earliest
    };
    (0..PICKS).map(next).collect()
}

fn ours() -> Result<Vec<usize>, Box<dyn std::error::Error>> {
    let spec: PolicySpec = "weighted-round-robin".parse()?;
    let options = ListOptions::new().with_seed(1).with_shuffle(false);
    let list = AnyChooser::from_spec(&spec, Always::new(), options);
    list.start()?;
    let members = WEIGHTS.iter().enumerate().map(|(peer, weight)| {
        Member::new(peer.to_string(), Attributes::new().with_weight(*weight))
    });
    list.update(ListUpdates::adding_members(members))?;
    let mut picks = vec![];
    for _ in 0..PICKS {
        let pick = list.try_choose(&Request::new())?;
        picks.push(pick.identifier().parse()?);
        pick.finish(Outcome::Success);
    }
    Ok(picks)
}
