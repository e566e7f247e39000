//! Draws every node in every state, in both themes, to PNG files: `cargo run -p brickwork-shell --example gallery [folder]`.
//!
//! For looking at; nothing is compared. The folder is the system's temporary one unless named.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use brickwork_sdk::Value;
use brickwork_sdk::client::ChannelName;
use brickwork_sdk::status::{Activity, Link, ObjectStatus, Quality};
use brickwork_sdk::view::{
    Column, Node, Overlay, Series, Shape, Tone, TreeItem, View, button, choice, column, grid, group, icon,
    number_input, picture, plot, progress, row, slider, space as spring, state, table, tabs, text, text_input, toggle,
    tree, value,
};
use brickwork_shell::draw::{Drawing, draw};
use brickwork_shell::edits::Edits;
use brickwork_shell::event::{Entry, Event, Place, Rule};
use brickwork_shell::readings::{FixedReadings, Picture};
use brickwork_shell::tokens::{Tokens, space};
use brickwork_shell::{Element, card, fonts, style};
use iced::advanced::renderer::Headless;
use iced::advanced::widget::operation;
use iced::advanced::{clipboard, graphics, renderer};
use iced::widget::{column as lines, container, row as side_by_side};
use iced::{Length, Size, mouse, window};
use iced_test::futures::futures::executor::block_on;
use iced_test::runtime::user_interface::{Cache, UserInterface};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
enum Message {
    Go,
    Number(f64),
    Text(String),
    Switch(bool),
    Click((f64, f64)),
}

const SIZE: Size = Size::new(1280.0, 1024.0);
const SECOND: u64 = 1_000_000_000;

const STATES: [(&str, Link, Activity, Quality); 7] = [
    ("omega", Link::Live, Activity::Idle, Quality::Ok),
    ("phiz", Link::Live, Activity::Moving, Quality::Ok),
    ("kappa", Link::Live, Activity::Idle, Quality::Minor),
    ("flux", Link::Live, Activity::Idle, Quality::Major),
    ("energy", Link::Live, Activity::Idle, Quality::Invalid),
    ("detector", Link::Disconnected, Activity::Idle, Quality::Ok),
    ("robot", Link::Fault, Activity::Idle, Quality::Ok),
];

fn channel(object: &str, name: &str, unit: &str) -> ChannelName {
    ChannelName::new(object, name, unit)
}

fn units(object: &str) -> &'static str {
    match object {
        "phiz" | "detector" => "mm",
        "energy" => "keV",
        "flux" => "ph/s",
        _ => "deg",
    }
}

fn readings() -> FixedReadings {
    let mut readings = FixedReadings::at(89 * SECOND);
    let numbers = [45.0, -0.1234, 180.0, 2.1e12, 12.7, 275.5, 3.0];
    for ((name, link, activity, quality), number) in STATES.into_iter().zip(numbers) {
        let gone = link != Link::Live;
        readings.set(name, "position", number, quality);
        readings.set_status(
            name,
            ObjectStatus {
                link,
                activity,
                since_ns: 89 * SECOND,
                last_error: if gone { "connection refused: lid144:6510".into() } else { String::new() },
                remedy: if gone { "it reconnects by itself".into() } else { String::new() },
                message: if name == "kappa" { "near its upper limit".into() } else { String::new() },
                ..ObjectStatus::default()
            },
        );
    }
    readings.set("omega", "limits", Value::list([Value::Float(-180.0), Value::Float(180.0)]), Quality::Ok);
    readings.set("omega", "shutter", "closed", Quality::Ok);
    readings.set("robot", "shutter", "gripper open", Quality::Ok);
    readings.set("omega", "enabled", true, Quality::Ok);
    readings.set("omega", "count", 21_i64, Quality::Ok);
    for object in ["omega", "robot"] {
        readings.set_picture(
            object,
            "image",
            Picture { handle: crystal(), source: (640, 480), engine_ns: 89 * SECOND },
        );
    }
    readings.pass(42 * SECOND);
    readings
}

/// A grey picture with a bright loop, as an on-axis camera gives it.
fn crystal() -> iced::advanced::image::Handle {
    let mut pixels = Vec::with_capacity(640 * 480 * 4);
    for y in 0..480_i32 {
        for x in 0..640_i32 {
            let (dx, dy) = ((x - 320) as f32 / 1.4, (y - 240) as f32);
            let distance = dx.hypot(dy);
            let ring = (1.0 - (distance - 90.0).abs() / 6.0).max(0.0);
            let stem = if x > 440 && (y - 240).abs() < 6 { 0.8 } else { 0.0 };
            let crystal = if dx.abs() + dy.abs() < 38.0 { 0.55 } else { 0.0 };
            let light = 0.30 + 0.15 * (1.0 - distance / 420.0) + 0.35 * (ring + stem + crystal).min(1.0);
            let grey = (light.clamp(0.0, 1.0) * 255.0) as u8;
            pixels.extend([grey, grey, grey, 255]);
        }
    }
    iced::advanced::image::Handle::from_rgba(640, 480, pixels)
}

fn motors() -> View<Message> {
    let cells = STATES.into_iter().flat_map(|(name, ..)| {
        let position: ChannelName = channel(name, "position", units(name));
        let unit = units(name);
        [
            text(name),
            value(&position),
            number_input(format!("{name} to"), name, 0.5).decimals(3).unit(unit).on_submit(Message::Number),
            row([
                button(format!("{name} less"), "−").on_press(Message::Go),
                button(format!("{name} more"), "+").on_press(Message::Go),
                button(format!("{name} stop"), "Stop").danger().on_press(Message::Go),
            ]),
        ]
    });
    let others = [("limits", ""), ("shutter", ""), ("enabled", ""), ("count", "pixels"), ("missing", "mm")];
    let others = others.into_iter().flat_map(|(name, unit)| {
        let shown: ChannelName = channel("omega", name, unit);
        [text(name).muted(), value(&shown).decimals(if name == "limits" { 1 } else { 3 })]
    });
    let old: ChannelName = channel("robot", "shutter", "");
    column([
        row([
            text("Motors").tone(Tone::Title),
            spring(),
            button("home", "Home all").on_press(Message::Go),
            button("centre", "Centre").primary().on_press(Message::Go),
        ]),
        grid(4, cells),
        row([text("omega").muted(), value(&channel("omega", "position", "deg")).primary()]),
        row([text("detector").muted(), value(&channel("detector", "position", "mm")).primary().decimals(1)]),
        grid(2, others.chain([text("gripper").muted(), value(&old)])),
    ])
}

fn controls() -> View<Message> {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    column([
        group(
            "Collection",
            column([
                row([
                    number_input("images", "Images", 900.0).decimals(0).on_submit(Message::Number),
                    number_input("range", "Oscillation range", 0.1).unit("deg").on_submit(Message::Number),
                    number_input("bad", "Exposure", 0.02).unit("s").range((0.002, 10.0)).on_submit(Message::Number),
                ]),
                row([
                    text_input("prefix", "Prefix", "lyso_1").on_text(Message::Text),
                    text_input("note", "Comment", "").placeholder("optional").on_text(Message::Text),
                ]),
                row([
                    button("collect", "Collect").primary().on_press(Message::Go),
                    button("off", "Mount").disabled("the sample changer is disconnected").on_press(Message::Go),
                    button("abort", "Stop").danger().on_press(Message::Go),
                ]),
            ]),
        ),
        row([
            toggle("light", "Light", true).on_toggle(Message::Switch),
            toggle("cryo", "Cryo", false).on_toggle(Message::Switch),
            toggle("door", "Door", true).disabled("interlock").on_toggle(Message::Switch),
        ]),
        choice("zoom", "Zoom", names(&["1", "2", "3", "4", "5", "6"]), "5").on_select(Message::Text),
        choice(
            "group",
            "Space group",
            names(&["P1", "P2", "P2(1)", "C2", "P222", "P2(1)2(1)2(1)", "P4", "P4(1)", "P4(3)2(1)2"]),
            "P222",
        )
        .on_select(Message::Text),
        row([
            slider("backlight", "Backlight", 40.0, (0.0, 100.0)).unit("%").decimals(0).on_submit(Message::Number),
            slider("gain", "Gain", 2.0, (0.0, 10.0)).disabled("the camera is off").on_submit(Message::Number),
        ]),
        progress("lyso 1", 0.24),
        row([
            icon("ok", "ok"),
            icon("warning", "careful").tone(Tone::Warning),
            icon("stop", "stop"),
            icon("light", "light"),
            text("a hint").muted(),
            text("text"),
            text("near the limit").tone(Tone::Warning),
            text("door open").danger(),
        ]),
        group("States", column(STATES.map(|(name, ..)| row([text(name).muted(), state(name)])))),
    ])
}

fn lists() -> View<Message> {
    let columns =
        [Column::new("Sample").grow(1.0), Column::new("Puck"), Column::numeric("Images"), Column::numeric("Res. [Å]")];
    let rows = (0..8).map(|index| {
        vec![
            text(format!("lyso {}", index + 1)),
            text("A12"),
            text(format!("{}", 900 - index * 111)),
            text(format!("{:.2}", 1.2 + f64::from(index) * 0.13)),
        ]
    });
    let tree_items = [
        TreeItem {
            id: "p1".into(),
            label: "Puck 1".into(),
            children: (1..5)
                .map(|pin| TreeItem { id: format!("p1/{pin}"), label: format!("Pin {pin}"), children: vec![] })
                .collect(),
        },
        TreeItem { id: "p2".into(), label: "Puck 2".into(), children: vec![TreeItem::default()] },
    ];
    let wave = |phase: f64, name: &str| Series {
        name: name.into(),
        points: (0..200).map(|i| f64::from(i) * 0.1).map(|x| (x, (x + phase).sin() * (1.0 + x / 9.0))).collect(),
    };
    let pages = [
        ("Table".to_owned(), table("samples", "Samples", &columns, (0, 8), rows).on_select(Message::Text)),
        ("Log".to_owned(), text("")),
    ];
    column([
        tabs("tabs", "Pages", pages),
        row([
            tree("pucks", "Pucks", &tree_items, "p1/2").on_select(Message::Text).grow(),
            plot("Rocking curve", "omega [deg]", "counts", &[wave(0.0, "measured"), wave(0.6, "fit")]).grow(),
        ]),
    ])
}

fn sample_view(object: &str) -> View<Message> {
    let overlays = [
        (Shape::Cross(320.0, 240.0, 20.0), Tone::Normal),
        (Shape::Circle(320.0, 240.0, 12.0), Tone::Danger),
        (Shape::Rectangle(250.0, 180.0, 140.0, 120.0), Tone::Warning),
        (Shape::Line(vec![(40.0, 450.0), (140.0, 450.0)]), Tone::Normal),
        (Shape::Text(40.0, 425.0, "100 µm".into()), Tone::Normal),
    ];
    let overlays = overlays.map(|(shape, tone)| Overlay { id: String::new(), shape, tone });
    picture(format!("{object} picture"), "Sample", &channel(object, "image", ""))
        .overlays(overlays)
        .on_click(Message::Click)
        .grow()
}

fn edits() -> Edits {
    let mut edits = Edits::default();
    let place = Place::new("controls", "bad");
    let limits = Entry::Number { min: Some(0.002), max: Some(10.0), unit: "s".into() };
    edits.apply(Event::Edit { place: place.clone(), text: "12.5".into() });
    edits.apply(Event::Commit { place, rule: Rule { message: None, entry: limits } });
    edits.apply(Event::Edit { place: Place::new("controls", "prefix"), text: "lyso_2".into() });
    edits.apply(Event::Fold { place: Place::new("lists", "pucks"), item: "p1".into(), open: true });
    edits
}

fn tile<'a>(content: impl Into<Element<'a>>, t: Tokens) -> Element<'a> {
    container(content).padding(space::M).width(Length::Fill).height(Length::Fill).style(style::tile(t)).into()
}

struct Gallery {
    readings: FixedReadings,
    edits: Edits,
    notes: BTreeMap<String, String>,
    views: BTreeMap<&'static str, Node>,
}

impl Gallery {
    fn new() -> Self {
        let mut strange = Node::new("hologram");
        strange.id = "future".into();
        let views = [
            ("motors", motors().into_node()),
            ("controls", controls().into_node()),
            ("lists", lists().into_node()),
            ("live", sample_view("omega").into_node()),
            ("old", sample_view("robot").into_node()),
            ("absent", picture::<Message>("absent", "Sample", &channel("detector", "image", "")).into_node()),
            ("strange", strange),
        ];
        let notes = [("phiz to".to_owned(), "centring in progress, step 2/3".to_owned())];
        Self { readings: readings(), edits: edits(), notes: notes.into(), views: views.into() }
    }

    fn brick(&self, name: &'static str, t: Tokens) -> Element<'_> {
        let drawing = Drawing { readings: &self.readings, edits: &self.edits, tokens: t, notes: &self.notes };
        draw(&self.views[name], name, &drawing)
    }

    fn panels(&self, t: Tokens) -> Element<'_> {
        let left = lines![tile(self.brick("motors", t), t)].width(Length::FillPortion(11));
        let right = lines![tile(self.brick("controls", t), t)].width(Length::FillPortion(10));
        let page = side_by_side![left, right].spacing(space::S);
        container(page).padding(space::S).width(Length::Fill).height(Length::Fill).style(style::window(t)).into()
    }

    fn pictures(&self, t: Tokens) -> Element<'_> {
        let left = lines![
            tile(self.brick("live", t), t),
            side_by_side![tile(self.brick("old", t), t), tile(self.brick("absent", t), t)].spacing(space::S),
        ];
        let cards = lines![
            card::failed(
                "x",
                "motors.table",
                "index out of bounds: the len is 3 but the index is 7",
                "plugins/motors/src/table.rs:88",
                t
            ),
            card::not_answering("camera.view", "14:01:40", "31 s", t),
            card::banner(
                "reload",
                "plugin motors was not reloaded: it speaks protocol 4, this host 2 and 3\nbuild it again with this sdk\nthe running generation goes on",
                t
            ),
            card::diagnostics(
                "The layout has 1 error; the running one goes on",
                "layouts/demo.ron:14:22  \u{201c}motor.tabel\u{201d} is no brick kind; did you mean \u{201c}motors.table\u{201d}?",
                t
            ),
            self.brick("strange", t),
        ];
        let right = lines![tile(self.brick("lists", t), t), tile(cards.spacing(space::S), t)].spacing(space::S);
        let page =
            side_by_side![left.spacing(space::S).width(Length::FillPortion(11)), right.width(Length::FillPortion(10))];
        let page = lines![
            container(page.spacing(space::S)).height(Length::Fill),
            card::status_line(Some("collecting lyso 1 · image 214/900 · 68 s left"), "2 notices", t)
        ];
        container(page.spacing(space::S)).padding(space::S).style(style::window(t)).into()
    }
}

/// Draws at the scale of a screen over VNC: one pixel is one pixel.
fn write(element: Element<'_>, t: Tokens, path: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let body = fonts::settings();
    let renderer = <iced::Renderer as Headless>::new(body.default_font, body.default_text_size, Some("tiny-skia"));
    let mut renderer = block_on(renderer).ok_or("there is no renderer without a display")?;
    let mut ui = UserInterface::build(element, SIZE, Cache::default(), &mut renderer);
    let (cursor, theme) = (mouse::Cursor::Unavailable, t.theme());
    let redraw = iced::Event::Window(window::Event::RedrawRequested(std::time::Instant::now()));
    // The focus as Tab brings it, to see its ring.
    let ring = Place::new("motors", "omega stop").widget_id();
    ui.operate(&renderer, &mut operation::focusable::focus::<()>(ring));
    for _ in 0..2 {
        let _ = ui.update(std::slice::from_ref(&redraw), cursor, &mut renderer, &mut clipboard::Null, &mut Vec::new());
    }
    ui.draw(&mut renderer, &theme, &renderer::Style { text_color: t.text }, cursor);
    let (width, height) = (SIZE.width as u32, SIZE.height as u32);
    let pixels = renderer.screenshot(Size::new(width, height), 1.0, t.background);
    let mut encoder = png::Encoder::new(std::io::BufWriter::new(std::fs::File::create(path)?), width, height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.write_header()?.write_image_data(&pixels)?;
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args_os().nth(1).map_or_else(std::env::temp_dir, PathBuf::from);
    for bytes in fonts::settings().fonts {
        graphics::text::font_system().write().map_err(|_| "the fonts are lost")?.load_font(bytes);
    }
    let gallery = Gallery::new();
    for (name, t) in [("dark", Tokens::dark()), ("light", Tokens::light())] {
        write(gallery.panels(t), t, &folder.join(format!("gallery-{name}-panels.png")))?;
        write(gallery.pictures(t), t, &folder.join(format!("gallery-{name}-pictures.png")))?;
    }
    Ok(())
}
