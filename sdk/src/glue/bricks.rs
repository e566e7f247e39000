//! The library's bricks: made, asked and dropped on the shell's thread for this library.

use std::collections::HashMap;
use std::sync::Arc;

use brickwork_abi::HostRef;
use parking_lot::Mutex;

use super::scene::Scene;
use super::{PluginDef, check_config, read_config};
use crate::brick::Brick;
use crate::context::{BrickContext, Context, Wakers};
use crate::protocol::{Answer, Ask, ConfigProblem, Failure, Setup};
use crate::view::{MAX_NODES, Node};
use crate::{Restored, State, Value, from_value};

/// One kind of brick, its type forgotten.
pub struct BrickKind {
    pub(super) kind: &'static str,
    pub(super) check: fn(Value) -> Vec<ConfigProblem>,
    make: fn(&BrickContext, Setup, &Scene) -> Made,
}

type Made = crate::Result<(Box<dyn Erased>, Restored)>;
type Living = Arc<(Scene, Mutex<Box<dyn Erased>>)>;

impl BrickKind {
    pub(super) fn of<T: Brick>() -> Self {
        Self { kind: T::KIND, check: |config| check_config::<T::Config>(config, T::check), make: make::<T> }
    }
}

fn make<T: Brick>(context: &BrickContext, setup: Setup, scene: &Scene) -> Made {
    let config = read_config(setup.config).map_err(|problem| crate::Error::failed(problem.to_string()))?;
    let mut brick = T::new(config, context)?;
    scene.entry("restore").begins();
    let restored = setup.states.restore(|state| brick.restore(state));
    Ok((Box::new(brick), restored))
}

trait Erased: Send {
    fn message(&mut self, message: Value) -> crate::Result<()>;
    fn view(&self) -> Node;
    fn save(&self) -> State;
}

impl<T: Brick> Erased for T {
    fn message(&mut self, message: Value) -> crate::Result<()> {
        self.update(from_value(message)?);
        Ok(())
    }
    fn view(&self) -> Node {
        Brick::view(self).into_node()
    }
    fn save(&self) -> State {
        Brick::save(self)
    }
}

/// Keeps a view that would hold up the window from crossing.
fn bounded(view: Node) -> Answer {
    if view.walk().take(MAX_NODES + 1).count() <= MAX_NODES {
        return Answer::View(view);
    }
    let message =
        format!("its view has more than {MAX_NODES} nodes: show many rows as one `table`, or fewer at a time");
    Answer::Panicked(Failure { message, place: String::new() })
}

/// The living bricks of a library, by instance.
#[derive(Default)]
pub(super) struct Bricks {
    living: Mutex<HashMap<u64, Living>>,
}

impl Bricks {
    pub(super) fn ask(&self, def: &PluginDef, host: HostRef, wakers: &Arc<Wakers>, instance: u64, ask: Ask) -> Answer {
        let setup = match ask {
            Ask::New(setup) => setup,
            Ask::Drop => {
                let brick = self.living.lock().remove(&instance);
                return match brick.map_or(Ok(()), end) {
                    Ok(()) => Answer::Done,
                    Err(failure) => Answer::Panicked(failure),
                };
            }
            other => return self.act(instance, other),
        };
        let Some(kind) = def.bricks.iter().find(|kind| kind.kind == setup.kind) else {
            return Answer::Refused(format!("this plugin has no brick {:?}", setup.kind));
        };
        let context = Context::new(host, instance, &setup.name, setup.roles.clone(), None, wakers.clone());
        let scene = Scene::new(host, &def.info.name, &setup.name, kind.kind);
        match scene.entry("new").run(|| (kind.make)(&BrickContext { base: context }, setup, &scene)) {
            Ok(Ok((brick, restored))) => {
                self.living.lock().insert(instance, Arc::new((scene, Mutex::new(brick))));
                Answer::Created(restored)
            }
            Ok(Err(error)) => Answer::Refused(error.message),
            Err(failure) => Answer::Panicked(failure),
        }
    }

    fn act(&self, instance: u64, ask: Ask) -> Answer {
        let Some(brick) = self.living.lock().get(&instance).cloned() else {
            return Answer::Refused("this brick does not live".into());
        };
        let entry = match &ask {
            Ask::Message(_) => "update",
            Ask::View => "view",
            _ => "save",
        };
        let (scene, brick) = &*brick;
        let answer = scene.entry(entry).run(|| {
            let mut brick = brick.lock();
            match ask {
                Ask::Message(message) => match brick.message(message) {
                    Ok(()) => Answer::Done,
                    Err(error) => Answer::Refused(format!("it does not know the message: {error}")),
                },
                Ask::View => bounded(brick.view()),
                Ask::Save => Answer::State(brick.save()),
                Ask::Check { .. } | Ask::New(_) | Ask::Drop => Answer::Refused("it was answered before".into()),
            }
        });
        answer.unwrap_or_else(Answer::Panicked)
    }

    pub(super) fn clear(&self) {
        let bricks = std::mem::take(&mut *self.living.lock());
        for (_, brick) in bricks {
            // The hook has told the host of a panic; the others are dropped all the same.
            let _ = end(brick);
        }
    }
}

/// Lets go of a brick, by code of the author's.
fn end(brick: Living) -> Result<(), Failure> {
    let entry = brick.0.entry("drop");
    entry.run(|| drop(brick))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_of_too_many_nodes_does_not_cross_and_names_the_table() {
        let column = |rows| Node { children: vec![Node::new("text"); rows], ..Node::new("column") };
        assert!(matches!(bounded(column(MAX_NODES - 1)), Answer::View(_)));
        let Answer::Panicked(failure) = bounded(column(MAX_NODES)) else { panic!("it is refused") };
        assert!(failure.message.contains("`table`"), "{}", failure.message);
    }
}
