//! Curves over one axis, with round ticks and a legend.

use brickwork_sdk::view::{Node, Series};
use iced::widget::canvas::{self, Frame, Geometry, Path, Stroke, Text};
use iced::widget::{Canvas, column};
use iced::{Color, Length, Pixels, Point, Rectangle, Renderer, Size, Theme, alignment, mouse};

use super::Pen;
use crate::event::Event;
use crate::tokens::{Tokens, size, space};
use crate::{Element, fonts, format};

const LEFT: f32 = 64.0;
const BOTTOM: f32 = 38.0;
const TOP: f32 = 24.0;

impl<'a> Pen<'a> {
    pub(super) fn plot(self, node: &'a Node) -> Element<'a> {
        let curves = Curves {
            series: node.read("series").unwrap_or_default(),
            x_label: node.text("x_label"),
            y_label: node.text("y_label"),
            tokens: self.tokens(),
        };
        let height = if node.attribute("grow").is_some() { Length::Fill } else { Length::Fixed(220.0) };
        let canvas = Canvas::new(curves).width(Length::Fill).height(height);
        match node.label() {
            "" => canvas.into(),
            label => column![super::text::label(label, self.tokens().muted), canvas].spacing(space::XS).into(),
        }
    }
}

struct Curves<'a> {
    series: Vec<Series>,
    x_label: &'a str,
    y_label: &'a str,
    tokens: Tokens,
}

/// A span of numbers and where it lies on the screen.
#[derive(Clone, Copy)]
struct Axis {
    low: f64,
    high: f64,
    from: f32,
    to: f32,
}

impl Axis {
    /// The axis that holds all numbers, with ends that are not equal.
    fn over(numbers: impl Iterator<Item = f64>, from: f32, to: f32) -> Self {
        let (low, high) = numbers
            .filter(|number| number.is_finite())
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), number| (low.min(number), high.max(number)));
        match (low, high) {
            _ if low > high => Self { low: 0.0, high: 1.0, from, to },
            _ if high - low < f64::EPSILON * low.abs().max(1.0) => Self { low: low - 0.5, high: high + 0.5, from, to },
            _ => Self { low, high, from, to },
        }
    }

    fn at(self, number: f64) -> f32 {
        self.from + ((number - self.low) / (self.high - self.low)) as f32 * (self.to - self.from)
    }

    /// Round numbers at about `apart` pixels, and the digits that they need.
    fn ticks(self, apart: f32) -> (Vec<f64>, usize) {
        let wanted = f64::from(((self.to - self.from).abs() / apart).max(1.0));
        let raw = (self.high - self.low) / wanted;
        let power = 10_f64.powf(raw.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].map(|digit| digit * power).into_iter().find(|step| *step >= raw);
        let step = step.unwrap_or(10.0 * power);
        let decimals = (-step.log10().floor()).clamp(0.0, 9.0) as usize;
        let first = (self.low / step).ceil() * step;
        // A last tick may be missed by one rounding of its sum.
        let count = ((self.high - first) / step + 1e-6).floor().clamp(0.0, 100.0) as usize;
        ((0..=count).map(|index| first + index as f64 * step).collect(), decimals)
    }
}

impl Curves<'_> {
    fn words(
        &self,
        frame: &mut Frame,
        content: &str,
        position: Point,
        color: Color,
        align: (iced::advanced::text::Alignment, alignment::Vertical),
    ) {
        frame.fill_text(Text {
            content: content.into(),
            position,
            color,
            size: Pixels(size::LABEL),
            font: fonts::REGULAR,
            align_x: align.0,
            align_y: align.1,
            ..Text::default()
        });
    }

    fn draw_axes(&self, frame: &mut Frame, x: Axis, y: Axis) {
        use alignment::Vertical::{Bottom, Center, Top};
        use iced::advanced::text::Alignment as Text;
        let (t, width) = (self.tokens, frame.width());
        let grid = Stroke::default().with_width(1.0).with_color(t.outline);
        let (ticks, decimals) = y.ticks(40.0);
        for tick in ticks {
            let at = y.at(tick).round() + 0.5;
            frame.stroke(&Path::line(Point::new(x.from, at), Point::new(x.to, at)), grid);
            let words = format::number(tick, decimals, 8);
            self.words(frame, &words, Point::new(x.from - 6.0, at), t.muted, (Text::Right, Center));
        }
        let (ticks, decimals) = x.ticks(80.0);
        for tick in ticks {
            let at = x.at(tick).round() + 0.5;
            frame.stroke(&Path::line(Point::new(at, y.from), Point::new(at, y.from + 4.0)), grid);
            let words = format::number(tick, decimals, 8);
            self.words(frame, &words, Point::new(at, y.from + 6.0), t.muted, (Text::Center, Top));
        }
        let axis = Path::line(Point::new(x.from, y.from + 0.5), Point::new(x.to, y.from + 0.5));
        frame.stroke(&axis, Stroke::default().with_width(1.0).with_color(t.muted));
        let end = Point::new(width - space::S, frame.height());
        self.words(frame, self.x_label, end, t.muted, (Text::Right, Bottom));
        self.words(frame, self.y_label, Point::new(0.0, 9.0), t.muted, (Text::Left, Center));
    }

    fn draw_legend(&self, frame: &mut Frame) {
        use iced::advanced::text::Alignment as Text;
        let (mut at, named) = (frame.width() - space::S, self.series.iter().enumerate().rev());
        for (index, series) in named.filter(|(_, series)| !series.name.is_empty()) {
            let middle = 9.0;
            self.words(
                frame,
                &series.name,
                Point::new(at, middle),
                self.tokens.text,
                (Text::Right, alignment::Vertical::Center),
            );
            at -= format::slot_width(&series.name, size::LABEL) + 4.0;
            let line = Path::line(Point::new(at - 14.0, middle), Point::new(at, middle));
            frame.stroke(&line, Stroke::default().with_width(2.0).with_color(self.color(index)));
            at -= 14.0 + space::L;
        }
    }

    fn color(&self, index: usize) -> Color {
        let colors = self.tokens.curves();
        colors[index % colors.len()]
    }
}

impl canvas::Program<Event> for Curves<'_> {
    type State = ();

    fn draw(
        &self,
        _state: &(),
        renderer: &Renderer,
        _theme: &Theme,
        bounds: Rectangle,
        _cursor: mouse::Cursor,
    ) -> Vec<Geometry> {
        let mut frame = Frame::new(renderer, bounds.size());
        let Size { width, height } = bounds.size();
        if width < LEFT + 40.0 || height < BOTTOM + TOP + 20.0 {
            return Vec::new();
        }
        let points = || self.series.iter().flat_map(|series| &series.points);
        let x = Axis::over(points().map(|point| point.0), LEFT, width - space::S);
        let y = Axis::over(points().map(|point| point.1), height - BOTTOM, TOP);
        self.draw_axes(&mut frame, x, y);
        for (index, series) in self.series.iter().enumerate() {
            let path = Path::new(|path| {
                let mut is_down = false;
                for (px, py) in &series.points {
                    if !(px.is_finite() && py.is_finite()) {
                        is_down = false;
                        continue;
                    }
                    let at = Point::new(x.at(*px), y.at(*py));
                    if is_down {
                        path.line_to(at);
                    } else {
                        path.move_to(at);
                    }
                    is_down = true;
                }
            });
            frame.stroke(&path, Stroke::default().with_width(1.5).with_color(self.color(index)));
        }
        self.draw_legend(&mut frame);
        vec![frame.into_geometry()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_within_the_axis() {
        let axis = Axis::over([0.93, 1.02].into_iter(), 0.0, 400.0);
        let (ticks, decimals) = axis.ticks(80.0);
        let words: Vec<_> = ticks.iter().map(|tick| format::number(*tick, decimals, 8)).collect();
        assert_eq!(words, ["0.94", "0.96", "0.98", "1.00", "1.02"]);
    }

    #[test]
    fn an_axis_over_nothing_or_one_number_can_still_be_drawn() {
        for numbers in [vec![], vec![f64::NAN], vec![5.0, 5.0]] {
            let axis = Axis::over(numbers.into_iter(), 0.0, 100.0);
            assert!(axis.high > axis.low && axis.at(axis.low) == 0.0);
        }
    }
}
