//! Draws lines.

use std::error::Error;
use std::path::Path;

use plotters::prelude::*;

/// A line and its name.
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) points: Vec<(f64, f64)>,
}

/// A picture of lines.
pub(crate) struct Lines<'a> {
    pub(crate) title: &'a str,
    /// What is along the axes.
    pub(crate) x: &'a str,
    pub(crate) y: &'a str,
    /// The names of 0, 1, 2 and so on along x; none: numbers.
    pub(crate) steps: Vec<String>,
    pub(crate) is_log: bool,
    pub(crate) lines: Vec<Line>,
}

/// Colours that can be told apart, also by those who see no red or no green (Okabe and Ito, 2008).
pub(crate) const COLOURS: [RGBColor; 7] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(86, 180, 233),
    RGBColor(230, 159, 0),
    RGBColor(90, 90, 90),
];
pub(crate) const SIZE: (u32, u32) = (900, 480);
pub(crate) const FONT: (&str, u32) = ("sans-serif", 14);
pub(crate) const TITLE: (&str, u32) = ("sans-serif", 18);

impl Lines<'_> {
    pub(crate) fn draw(&self, file: &Path) -> Result<(), Box<dyn Error>> {
        let scale = |y: f64| if self.is_log { y.max(1e-3).log10() } else { y };
        let unscale = |y: f64| if self.is_log { 10_f64.powf(y) } else { y };
        let points = || self.lines.iter().flat_map(|line| &line.points);
        let points = || points().filter(|(_, y)| y.is_finite());
        let most_x = points().map(|point| point.0).fold(f64::MIN, f64::max);
        let most_y = points().map(|point| scale(point.1)).fold(f64::MIN, f64::max);
        let least_y = points().map(|point| scale(point.1)).fold(f64::MAX, f64::min);
        if most_x <= 0.0 || most_y <= f64::MIN {
            return Err("there is nothing to draw".into());
        }
        let bottom = if self.is_log { least_y - 0.1 } else { 0.0 };
        // Room for the names of the lines.
        let top = bottom + (most_y - bottom) * (1.1 + 0.07 * self.lines.len() as f64);

        let root = SVGBackend::new(file, SIZE).into_drawing_area();
        root.fill(&WHITE)?;
        let margin = if self.steps.is_empty() { 0.0 } else { 0.2 };
        let mut chart = ChartBuilder::on(&root)
            .caption(self.title, TITLE)
            .margin(12)
            .x_label_area_size(46)
            .y_label_area_size(64)
            .build_cartesian_2d(-margin..most_x + margin, bottom..top)?;
        let step = |x: &f64| {
            if self.steps.is_empty() {
                return format!("{x:.0}");
            }
            let is_step = (x - x.round()).abs() < 1e-6;
            let name = self.steps.get(x.round().max(0.0) as usize).filter(|_| is_step);
            name.cloned().unwrap_or_default()
        };
        let height = |y: &f64| {
            let y = unscale(*y);
            if y >= 10.0 { format!("{y:.0}") } else { format!("{y:.1}") }
        };
        chart
            .configure_mesh()
            .x_desc(self.x)
            .y_desc(self.y)
            .x_labels(if self.steps.is_empty() { 10 } else { self.steps.len() * 5 })
            .x_label_formatter(&step)
            .y_label_formatter(&height)
            .disable_x_mesh()
            .light_line_style(WHITE)
            .label_style(FONT)
            .draw()?;
        for (line, colour) in self.lines.iter().zip(COLOURS.iter().cycle()) {
            let points = line.points.iter().filter(|(_, y)| y.is_finite());
            let points: Vec<_> = points.map(|(x, y)| (*x, scale(*y))).collect();
            let style = colour.stroke_width(2);
            chart
                .draw_series(LineSeries::new(points, style))?
                .label(&line.name)
                .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], style));
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::UpperLeft)
            .background_style(WHITE.mix(0.85))
            .border_style(RGBColor(200, 200, 200))
            .label_font(FONT)
            .draw()?;
        root.present()?;
        Ok(())
    }
}
