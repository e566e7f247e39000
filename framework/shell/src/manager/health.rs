//! How the plugins fare on screen, told to the window when it changes.

use brickwork_link::PluginFile;

use super::{Brick, Manager};
use crate::health::PluginHealth;
use crate::inbox::Happened;

impl Manager {
    /// Says how the plugins fare, when that has changed.
    pub(super) fn tell_health(&mut self) {
        let health: Vec<PluginHealth> = self.files.iter().map(|file| self.health_of(file)).collect();
        if health != self.health {
            self.health.clone_from(&health);
            self.inbox.note(Happened::Plugins(health));
        }
    }

    fn health_of(&self, file: &PluginFile) -> PluginHealth {
        let thread = self.threads.get(&file.name).filter(|thread| thread.file.hash == file.hash);
        let bricks: Vec<(&String, &Brick)> =
            self.bricks.iter().filter(|(_, brick)| file.bricks.contains(&brick.spec.kind)).collect();
        let is_shown = |brick: &Brick| brick.present.as_ref().is_some_and(|i| i.thread.file.hash == file.hash);
        let troubles = bricks.iter().filter_map(|(name, brick)| Some(format!("{name}: {}", brick.trouble.as_ref()?)));
        PluginHealth {
            file: file.clone(),
            bricks: bricks.len(),
            shown: bricks.iter().filter(|(_, brick)| is_shown(brick)).count(),
            troubles: self.unloaded.get(&file.name).cloned().into_iter().chain(troubles).collect(),
            old: self.loads.get(&file.name).map_or(0, |loads| loads.saturating_sub(1)),
            stuck: self.copies.iter().filter(|loaded| loaded.plugin == file.name && loaded.is_stuck()).count() as u64,
            times: thread.map(|thread| thread.times()).unwrap_or_default(),
        }
    }
}
