//! Draws time against the number of campaigns, both by powers of ten, from `results/peers.csv`.

use std::{collections::BTreeMap, error::Error, fs, path::Path};

use plotters::{coord::Shift, prelude::*, style::register_font};

type Lines = BTreeMap<String, Vec<(f64, f64)>>;

/// Colours that people with any kind of sight tell apart.
const COLOURS: [RGBColor; 9] = [
    RGBColor(0, 0, 0),
    RGBColor(213, 94, 0),
    RGBColor(0, 114, 178),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
    RGBColor(148, 103, 189),
    RGBColor(140, 140, 140),
];
/// The questions of each side: the first in full colour, the second pale.
const TOUCH: [&str; 2] = ["touch", "agenda"];
const AUDIENCES: [&str; 2] = ["all", "first"];
const SIZE: (u32, u32) = (1_500, 720);

fn main() -> Result<(), Box<dyn Error>> {
    if register_font("sans-serif", FontStyle::Normal, dejavu::sans::regular()).is_err() {
        return Err("the font cannot be read".into());
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("results");
    let csv = fs::read_to_string(folder.join("peers.csv"))?;
    let names = names(&csv);
    let svg = folder.join("peers.svg");
    draw(SVGBackend::new(&svg, SIZE).into_drawing_area(), &csv, &names)?;
    let png = folder.join("peers.png");
    draw(BitMapBackend::new(&png, SIZE).into_drawing_area(), &csv, &names)?;
    Ok(())
}

/// The contenders that are drawn, in the order of the table, so that each has the same colour on both sides.
fn names(csv: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for [_, name, ..] in csv.lines().skip(1).filter_map(fields) {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    let drawn = [TOUCH, AUDIENCES].concat();
    names.retain(|name| {
        drawn
            .iter()
            .any(|question| lines(csv, question).contains_key(name))
    });
    names
}

/// The fields of a line. A contender with a comma in its name stands in quotes.
fn fields(line: &str) -> Option<[&str; 5]> {
    let (question, rest) = line.split_once(',')?;
    let (name, rest) = match rest.strip_prefix('"') {
        Some(quoted) => quoted.split_once("\",")?,
        None => rest.split_once(',')?,
    };
    let mut rest = rest.split(',');
    Some([question, name, rest.next()?, rest.next()?, rest.next()?])
}

fn draw<B: DrawingBackend>(
    area: DrawingArea<B, Shift>,
    csv: &str,
    names: &[String],
) -> Result<(), Box<dyn Error>>
where
    B::ErrorType: 'static,
{
    area.fill(&WHITE)?;
    let (left, right) = area.split_horizontally(SIZE.0 / 2);
    panel(&left, "The touch (and the agenda, pale)", TOUCH, csv, names)?;
    panel(
        &right,
        "Audiences only: all matches (the first, pale)",
        AUDIENCES,
        csv,
        names,
    )?;
    area.present()?;
    Ok(())
}

/// One side of the picture.
fn panel<B: DrawingBackend>(
    area: &DrawingArea<B, Shift>,
    title: &str,
    questions: [&str; 2],
    csv: &str,
    names: &[String],
) -> Result<(), Box<dyn Error>>
where
    B::ErrorType: 'static,
{
    let mut chart = ChartBuilder::on(area)
        .caption(title, ("sans-serif", 24))
        .margin(16)
        .x_label_area_size(46)
        .y_label_area_size(76)
        .build_cartesian_2d((8.0..130_000.0).log_scale(), (20.0..1e9).log_scale())?;
    chart
        .configure_mesh()
        .light_line_style(WHITE)
        .x_desc("campaigns")
        .y_desc("time for one customer")
        .label_style(("sans-serif", 17))
        .x_label_formatter(&|campaigns| grouped(*campaigns))
        .y_label_formatter(&|nanos| duration(*nanos))
        .draw()?;
    for (place, question) in questions.into_iter().enumerate() {
        let lines = lines(csv, question);
        for (number, name) in names.iter().enumerate() {
            let Some(points) = lines.get(name) else { continue };
            let opacity = if place == 0 { 1.0 } else { 0.4 };
            let colour = COLOURS[number % COLOURS.len()].mix(opacity);
            let style = colour.stroke_width(if number < 2 { 4 } else { 2 });
            let line = LineSeries::new(points.iter().copied(), style).point_size(4);
            let drawn = chart.draw_series(line)?;
            if place == 0 {
                drawn
                    .label(name)
                    .legend(move |(x, y)| PathElement::new([(x, y), (x + 22, y)], style));
            }
        }
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .background_style(WHITE.mix(0.85))
        .border_style(BLACK.mix(0.3))
        .label_font(("sans-serif", 16))
        .draw()?;
    Ok(())
}

fn lines(csv: &str, question: &str) -> Lines {
    let mut lines = Lines::new();
    for line in csv.lines().skip(1) {
        if let Some([asked, name, campaigns, value, "ns"]) = fields(line)
            && asked == question
            && let (Ok(campaigns), Ok(value)) = (campaigns.parse(), value.parse())
        {
            lines.entry(name.to_owned()).or_default().push((campaigns, value));
        }
    }
    lines
}

fn grouped(campaigns: f64) -> String {
    if campaigns < 1e3 {
        return format!("{campaigns:.0}");
    }
    format!("{:.0},000", campaigns / 1e3)
}

fn duration(nanos: f64) -> String {
    match nanos {
        ..1e3 => format!("{nanos:.0} ns"),
        ..1e6 => format!("{:.0} µs", nanos / 1e3),
        ..1e9 => format!("{:.0} ms", nanos / 1e6),
        _ => format!("{:.0} s", nanos / 1e9),
    }
}
