//! Draws fields of a grid, each of a colour.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::Drawn;
use crate::simulator::lines::{FONT, TITLE};

/// A grid, row by row from the top.
pub(super) struct Grid<'a> {
    pub(super) title: &'a str,
    pub(super) rows: Vec<Vec<f64>>,
    /// Names at the left; none: numbers.
    pub(super) left: Vec<String>,
    /// Names above the columns; none: none.
    pub(super) above: Vec<String>,
    /// What is written in a field.
    pub(super) text: Option<fn(f64) -> String>,
    /// The value that has the strongest colour; nothing has the weakest.
    pub(super) most: f64,
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

const LEFT: i32 = 260;
const TOP: i32 = 40;
const ABOVE: i32 = 190;

/// Of a field without a value.
const NOTHING: RGBColor = RGBColor(225, 225, 225);

/// From white over yellow and red to nearly black.
fn colour(part: f64) -> RGBColor {
    const STOPS: [(f64, f64, f64); 4] =
        [(255.0, 255.0, 255.0), (254.0, 217.0, 118.0), (227.0, 74.0, 51.0), (80.0, 0.0, 20.0)];
    let at = part.clamp(0.0, 1.0) * (STOPS.len() - 1) as f64;
    let (from, to) = (STOPS[at.floor() as usize], STOPS[at.ceil() as usize]);
    let mix = |a: f64, b: f64| (a + (b - a) * at.fract()).round() as u8;
    RGBColor(mix(from.0, to.0), mix(from.1, to.1), mix(from.2, to.2))
}

impl Grid<'_> {
    pub(super) fn draw(&self, area: &Area<'_>) -> Drawn {
        let (width, height) = area.dim_in_pixel();
        area.fill(&WHITE)?;
        area.draw(&Text::new(self.title, (12, 10), TITLE.into_font()))?;
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        if columns == 0 {
            return Err("there is nothing to draw".into());
        }
        let left = if self.left.is_empty() { 12 } else { LEFT };
        let top = TOP + if self.above.is_empty() { 0 } else { ABOVE };
        let across = f64::from(width as i32 - left - 12) / columns as f64;
        let down = f64::from(height as i32 - top - 12) / self.rows.len() as f64;
        let x = |at: usize| left + (at as f64 * across) as i32;
        let y = |at: usize| top + (at as f64 * down) as i32;
        let middle = |from: i32, size: f64| from + (size / 2.0) as i32;
        let beside =
            FONT.into_font().into_text_style(area).pos(Pos::new(HPos::Right, VPos::Center));
        for (at, name) in self.left.iter().enumerate() {
            let place = (left - 8, middle(y(at), down));
            area.draw(&Text::new(name.as_str(), place, beside.clone()))?;
        }
        let turned = FONT.into_font().transform(FontTransform::Rotate270);
        for (at, name) in self.above.iter().enumerate() {
            let place = (middle(x(at), across) - 7, top - 8);
            area.draw(&Text::new(name.as_str(), place, turned.clone()))?;
        }
        for (row, values) in self.rows.iter().enumerate() {
            for (column, value) in values.iter().enumerate() {
                let part = value / self.most;
                let corners = [(x(column), y(row)), (x(column + 1), y(row + 1))];
                let colour = if value.is_nan() { NOTHING } else { colour(part) };
                area.draw(&Rectangle::new(corners, colour.filled()))?;
                if let Some(text) = self.text {
                    let ink = if part > 0.55 { WHITE } else { BLACK };
                    let style = ("sans-serif", 12).into_font().color(&ink).into_text_style(area);
                    let style = style.pos(Pos::new(HPos::Center, VPos::Center));
                    let place = (middle(x(column), across), middle(y(row), down));
                    area.draw(&Text::new(text(*value), place, style))?;
                }
            }
        }
        Ok(())
    }
}
