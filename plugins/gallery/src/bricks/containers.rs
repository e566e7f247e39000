//! `gallery.containers`: what places other nodes. Its controls only show where they stand.

use brickwork_sdk::view::{
    View, button, column, grid, group, number_input, row, scroll, space, tabs, text, text_input, toggle,
};
use brickwork_sdk::{Brick, BrickContext, Restored, Result, State};
use serde::{Deserialize, Serialize};

use super::title;
use crate::echo::Echo;

const SCHEMA: &str = "gallery.containers 1";
/// More lines than a window has room for.
const LINES: usize = 60;

/// Rows, columns, grids, groups, tabs and a scroll.
#[derive(Default)]
pub struct ContainersBrick {
    kept: Kept,
}

#[derive(Default, Serialize, Deserialize)]
struct Kept {
    last: Echo,
    beam: bool,
}

/// What its controls send.
#[derive(Debug, Serialize, Deserialize)]
pub enum Message {
    /// A button, by its words.
    Pressed(String),
    /// A text input, whichever.
    Entered(String),
    /// A number input, whichever.
    Number(f64),
    /// The toggle on the second page.
    Beam(bool),
}

impl Brick for ContainersBrick {
    const KIND: &'static str = "gallery.containers";
    const HELP: &'static str = "Rows, columns, grids, groups, tabs and scrolls.";
    type Config = ();
    type Message = Message;

    fn new(_: (), _: &BrickContext) -> Result<Self> {
        Ok(Self::default())
    }

    fn update(&mut self, message: Message) {
        self.kept.last.note(&message);
        if let Message::Beam(on) = message {
            self.kept.beam = on;
        }
    }

    fn view(&self) -> View<Message> {
        let left = column([group("Rows", rows()), group("A column of three", three())]);
        let right = column([group("A grid of three columns", cells()), group("A group in a group", nested())]);
        column([
            row([title("Containers"), space(), self.kept.last.view()]),
            row([left.grow(), right.grow()]),
            group("Tabs", self.pages()),
            group(
                "A scroll: its child has 60 lines",
                scroll(column((1..=LINES).map(|line| text(format!("line {line}"))))),
            ),
        ])
    }

    fn save(&self) -> State {
        State::new(SCHEMA, &self.kept)
    }

    fn restore(&mut self, state: &State) -> Restored {
        state.restore(SCHEMA, &mut self.kept)
    }
}

fn press(id: &str, label: &str) -> View<Message> {
    button(id, label).on_press(Message::Pressed(label.into()))
}

fn rows() -> View<Message> {
    column([
        row([press("left", "Left"), press("next", "Next to it"), space(), press("right", "Right, behind space")]),
        row([
            text_input("first", "Grows", "one half").grow().on_text(Message::Entered),
            text_input("second", "Grows as well", "the other").grow().on_text(Message::Entered),
        ]),
    ])
}

fn three() -> View<Message> {
    column([text("one below the other"), press("below", "Below"), text("and below that").muted()])
}

fn cells() -> View<Message> {
    let line = |name: &str, from: f64| {
        [
            text(name).muted(),
            number_input(format!("{name} from"), format!("{name} from"), from).unit("mm").on_submit(Message::Number),
            press(&format!("{name} go"), &format!("Move {name}")),
        ]
    };
    grid(3, [line("x", 0.5), line("sample stage y", -12.25), line("z", 100.0)].into_iter().flatten())
}

fn nested() -> View<Message> {
    group("Inside", column([text("what is inside stands in its own frame"), press("inside", "Inside")]))
}

impl ContainersBrick {
    fn pages(&self) -> View<Message> {
        let page = |title: &str, page: View<Message>| (title.to_owned(), page);
        let switch = toggle("beam", "Beam", self.kept.beam).on_toggle(Message::Beam);
        let pages = [
            page("Page one", row([text("One page is seen at a time."), press("page one", "On page one")])),
            page("Page two", row([text("Which one is the window's to remember."), switch])),
            page("Page three", text("A page may have no control at all.").muted()),
        ];
        tabs("pages", "Pages", pages)
    }
}
