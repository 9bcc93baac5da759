//! The wall time of haul relative to each other program, as an image.

use std::error::Error;

use plotters::coord::Shift;
use plotters::prelude::{
    BLACK, Circle, Color, DrawingArea, IntoDrawingArea, PathElement, RGBColor, SVGBackend, Text, WHITE,
};

use crate::contender::Contender;
use crate::record::Record;
use crate::row::Row;
use crate::statistics::Spread;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Drawn = Result<(), Box<dyn Error>>;

const WIDTH: i32 = 900;
/// The left and right end of the scale.
const SCALE: (i32, i32) = (180, 880);
const LOWEST: f64 = 0.0625;
const HIGHEST: f64 = 8.0;
const TOP: i32 = 60;
const LINE: i32 = 22;
const GREY: RGBColor = RGBColor(200, 200, 200);

const COLOURS: [(Contender, RGBColor); 5] = [
    (Contender::Curl, RGBColor(0, 114, 178)),
    (Contender::Aria2c, RGBColor(213, 94, 0)),
    (Contender::Wget2, RGBColor(0, 158, 115)),
    (Contender::Axel, RGBColor(204, 121, 167)),
    (Contender::Floor, RGBColor(120, 120, 120)),
];

/// A line per row and a dot per program, with quartiles, as SVG.
pub fn plot(measured: &[(&Row, &Record)]) -> String {
    let mut image = String::new();
    let height = TOP + LINE * (measured.len() as i32 + 1);
    draw(&SVGBackend::with_string(&mut image, (WIDTH as u32, height as u32)).into_drawing_area(), measured)
        .expect("an image in memory");
    image
}

fn draw(area: &Area, measured: &[(&Row, &Record)]) -> Drawn {
    area.fill(&WHITE)?;
    legend(area)?;
    let bottom = TOP + LINE * measured.len() as i32;
    for ratio in [0.0625, 0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0] {
        let colour = if ratio == 1.0 { BLACK } else { GREY };
        area.draw(&PathElement::new([(x(ratio), TOP - 8), (x(ratio), bottom)], colour))?;
        text(area, &ratio.to_string(), (x(ratio) - 8, bottom + 4))?;
    }
    for (number, (row, record)) in measured.iter().enumerate() {
        let y = TOP + LINE * number as i32 + LINE / 2;
        text(area, &row.name, (10, y - 7))?;
        for (contender, colour) in COLOURS {
            if let Some(ratio) = record.ratio(Contender::Haul.name(), contender.name()) {
                dot(area, y, ratio.wall, colour)?;
            }
        }
    }
    area.present()?;
    Ok(())
}

fn legend(area: &Area) -> Drawn {
    text(area, "wall time of haul / that of", (10, 12))?;
    for (number, (contender, colour)) in COLOURS.iter().enumerate() {
        let left = SCALE.0 + 20 + 90 * number as i32;
        area.draw(&Circle::new((left, 19), 4, colour.filled()))?;
        text(area, contender.name(), (left + 10, 12))?;
    }
    text(area, "left of 1 haul is faster", (10, 32))
}

fn dot(area: &Area, y: i32, ratio: Spread, colour: RGBColor) -> Drawn {
    area.draw(&PathElement::new([(x(ratio.lower_quartile), y), (x(ratio.upper_quartile), y)], colour))?;
    area.draw(&Circle::new((x(ratio.median), y), 4, colour.filled()))?;
    Ok(())
}

fn text(area: &Area, text: &str, at: (i32, i32)) -> Drawn {
    area.draw(&Text::new(text.to_owned(), at, ("sans-serif", 13)))?;
    Ok(())
}

/// The position of a ratio on the logarithmic scale; values beyond it lie at its ends.
fn x(ratio: f64) -> i32 {
    let place = (ratio.clamp(LOWEST, HIGHEST) / LOWEST).log2() / (HIGHEST / LOWEST).log2();
    SCALE.0 + (place * f64::from(SCALE.1 - SCALE.0)).round() as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::tests::record;
    use crate::rows;

    #[test]
    fn each_program_has_a_dot_in_its_row() {
        let row = rows::all().swap_remove(0);
        let image = plot(&[(&row, &record(&[("haul", 1.0), ("curl", 2.0), ("floor", 4.0)]))]);
        assert_eq!(image.matches("<circle").count(), COLOURS.len() + 2, "{image}");
        assert!(image.contains(&row.name));
    }

    #[test]
    fn the_scale_is_logarithmic_and_ends_somewhere() {
        assert_eq!((x(0.0), x(0.0625), x(8.0), x(100.0)), (180, 180, 880, 880));
        assert_eq!(x(2.0) - x(1.0), x(4.0) - x(2.0));
    }
}
