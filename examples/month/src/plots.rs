//! The plots of the report, as SVG that takes its colours from the page.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Tz;
use plotters::{
    coord::Shift,
    prelude::*,
    style::text_anchor::{HPos, Pos, VPos},
};
use tactful::{Simulated, SimulatedCustomer};

use crate::{calendar::events, sample::name};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;
type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// Wide enough for a phone; wider pages scale it.
const WIDTH: u32 = 400;
/// Colours by role; the page says what they are in its theme.
const ROLES: [(&str, RGBColor); 8] = [
    ("--text", RGBColor(1, 0, 0)),
    ("--muted", RGBColor(2, 0, 0)),
    ("--line", RGBColor(3, 0, 0)),
    ("--p0", RGBColor(10, 0, 0)),
    ("--p1", RGBColor(11, 0, 0)),
    ("--p2", RGBColor(12, 0, 0)),
    ("--p3", RGBColor(13, 0, 0)),
    ("--bad", RGBColor(20, 0, 0)),
];
const TEXT: RGBColor = ROLES[0].1;
const MUTED: RGBColor = ROLES[1].1;
const LINE: RGBColor = ROLES[2].1;
const BAD: RGBColor = ROLES[7].1;

pub fn purpose_colour(number: usize) -> RGBColor {
    ROLES[3 + number % 4].1
}

fn drawn(height: u32, draw: impl FnOnce(&Area<'_>) -> Result<()>) -> Result<String> {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (WIDTH, height)).into_drawing_area();
        draw(&area)?;
        area.present()?;
    }
    for (role, RGBColor(r, g, b)) in ROLES {
        svg = svg.replace(&format!("#{r:02X}{g:02X}{b:02X}"), &format!("var({role})"));
    }
    let size = format!("width=\"{WIDTH}\" height=\"{height}\"");
    Ok(svg.replacen(&size, "width=\"100%\" role=\"img\"", 1))
}

fn text(colour: RGBColor) -> TextStyle<'static> {
    ("sans-serif", 12).into_font().color(&colour)
}

/// Touches per day, stacked by purpose.
pub fn touches_per_day(simulated: &Simulated, purposes: &[String]) -> Result<String> {
    let days = simulated.days();
    let total = |day: &tactful::SimulatedDay| day.touches_by_purpose().values().sum::<u64>();
    let most = days.iter().map(total).max().unwrap_or(0).max(1);
    drawn(240, |area| {
        let mut chart = ChartBuilder::on(area)
            .margin(6)
            .x_label_area_size(22)
            .y_label_area_size(34)
            .build_cartesian_2d(0.0..days.len() as f64, 0.0..(most as f64 * 1.05))?;
        chart
            .configure_mesh()
            .disable_x_mesh()
            .light_line_style(TRANSPARENT)
            .bold_line_style(LINE)
            .axis_style(LINE)
            .label_style(text(MUTED))
            .x_labels(0)
            .y_labels(5)
            .y_label_formatter(&|count| format!("{count:.0}"))
            .draw()?;
        for (number, day) in days.iter().enumerate() {
            let mut from = 0.0;
            for (colour, purpose) in purposes.iter().enumerate() {
                let count = day.touches_by_purpose().get(purpose).copied().unwrap_or(0) as f64;
                let bar = [(number as f64 + 0.1, from), (number as f64 + 0.9, from + count)];
                if count > 0.0 {
                    chart.draw_series([Rectangle::new(bar, purpose_colour(colour).filled())])?;
                }
                from += count;
            }
        }
        for (number, day) in days
            .iter()
            .enumerate()
            .filter(|(_, day)| day.date().weekday().num_days_from_monday() == 0)
        {
            let (x, y) = chart.backend_coord(&(number as f64 + 0.5, 0.0));
            // The last one would hang over the edge.
            let (across, x) = if number + 2 < days.len() {
                (HPos::Center, x)
            } else {
                (HPos::Right, WIDTH as i32 - 6)
            };
            let label = text(MUTED).pos(Pos::new(across, VPos::Top));
            area.draw_text(&day.date().format("%-d %b").to_string(), &label, (x, y + 5))?;
        }
        Ok(())
    })
}

/// Bars with a name before and a number after each, the longest first.
pub fn bars(counts: &[(String, u64)], colour: RGBColor) -> Result<String> {
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0).max(1);
    let (row, start, end) = (30_i32, 8_i32, WIDTH as i32 - 64);
    drawn(counts.len().max(1) as u32 * row as u32 + 8, |area| {
        for (number, (name, count)) in counts.iter().enumerate() {
            let top = number as i32 * row;
            area.draw_text(name, &text(TEXT), (start, top + 2))?;
            let length = ((end - start) as f64 * *count as f64 / most as f64).max(1.0) as i32;
            area.draw(&Rectangle::new(
                [(start, top + 17), (start + length, top + 25)],
                colour.filled(),
            ))?;
            let label = text(MUTED).pos(Pos::new(HPos::Left, VPos::Center));
            area.draw_text(&count.to_string(), &label, (start + length + 6, top + 21))?;
        }
        Ok(())
    })
}

/// How many customers got how many touches.
pub fn distribution(simulated: &Simulated) -> Result<String> {
    let mut counts: BTreeMap<usize, u64> = BTreeMap::new();
    for customer in simulated.customers() {
        *counts.entry(customer.touches().len()).or_default() += 1;
    }
    let last = counts.keys().next_back().copied().unwrap_or(0);
    let most = counts.values().copied().max().unwrap_or(1);
    drawn(220, |area| {
        let mut chart = ChartBuilder::on(area)
            .margin(6)
            .margin_top(20)
            .x_label_area_size(22)
            .y_label_area_size(10)
            .build_cartesian_2d(0.0..(last + 1) as f64, 0.0..(most as f64 * 1.05))?;
        chart
            .configure_mesh()
            .disable_mesh()
            .axis_style(LINE)
            .x_labels(0)
            .y_labels(0)
            .draw()?;
        for number in 0..=last {
            let count = counts.get(&number).copied().unwrap_or(0);
            let bar = [(number as f64 + 0.08, 0.0), (number as f64 + 0.92, count as f64)];
            chart.draw_series([Rectangle::new(bar, purpose_colour(0).filled())])?;
            let (x, y) = chart.backend_coord(&(number as f64 + 0.5, 0.0));
            area.draw_text(
                &number.to_string(),
                &text(MUTED).pos(Pos::new(HPos::Center, VPos::Top)),
                (x, y + 5),
            )?;
            if count > 0 {
                let (x, y) = chart.backend_coord(&(number as f64 + 0.5, count as f64));
                area.draw_text(
                    &count.to_string(),
                    &text(TEXT).pos(Pos::new(HPos::Center, VPos::Bottom)),
                    (x, y - 3),
                )?;
            }
        }
        Ok(())
    })
}

/// A row per customer: what was said when, and what came back.
pub fn timelines(
    customers: &[&SimulatedCustomer],
    purposes: &[String],
    month: NaiveDate,
    days: usize,
    zone: Tz,
) -> Result<String> {
    let (row, left, right) = (50_i32, 10_i32, WIDTH as i32 - 10);
    let place = |at: DateTime<Utc>| {
        let local = at.with_timezone(&zone).naive_local() - month.and_hms_opt(0, 0, 0).unwrap_or_default();
        left + ((right - left) as f64 * local.num_minutes() as f64 / (days as f64 * 1440.0)) as i32
    };
    drawn(customers.len() as u32 * row as u32 + 24, |area| {
        for (number, simulated) in customers.iter().enumerate() {
            let top = number as i32 * row;
            let middle = top + 30;
            area.draw_text(&name(simulated.customer()), &text(TEXT), (left, top + 4))?;
            area.draw(&PathElement::new(
                vec![(left, middle), (right, middle)],
                LINE.stroke_width(1),
            ))?;
            for (at, event) in events(simulated) {
                let x = place(at);
                match event.chars().next() {
                    Some('!') => {
                        for (from, to) in [
                            ((x - 4, middle + 4), (x + 4, middle + 12)),
                            ((x - 4, middle + 12), (x + 4, middle + 4)),
                        ] {
                            area.draw(&PathElement::new(vec![from, to], BAD.stroke_width(2)))?;
                        }
                    }
                    Some('¥') => area.draw(&TriangleMarker::new((x, middle + 13), 4, TEXT.filled()))?,
                    _ => area.draw(&Circle::new((x, middle + 8), 2, MUTED.filled()))?,
                }
            }
            for touch in simulated.touches() {
                let purpose = purposes
                    .iter()
                    .position(|purpose| purpose == touch.purpose())
                    .unwrap_or(0);
                area.draw(&Circle::new(
                    (place(touch.at()), middle),
                    5,
                    purpose_colour(purpose).filled(),
                ))?;
            }
        }
        let bottom = customers.len() as i32 * row;
        for day in (0..days).step_by(7) {
            let date = month + chrono::Days::new(day as u64);
            let x = left + ((right - left) as f64 * day as f64 / days as f64) as i32;
            area.draw_text(&date.format("%-d %b").to_string(), &text(MUTED), (x, bottom + 6))?;
        }
        Ok(())
    })
}
