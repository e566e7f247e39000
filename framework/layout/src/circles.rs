//! Finds objects that use one another in a circle, which could never start. Part of
//! [`crate::check`]; it tells each circle once, whatever leads into it.

use std::collections::{BTreeSet, HashMap};

use crate::check::Objects;
use crate::report::Report;
use crate::syntax::{Mistake, Span};

/// One step of a circle: an object and the place where it names the next.
type Step<'o> = (&'o str, Span);

pub(crate) fn check(objects: &Objects, report: &mut Report) {
    let mut open: BTreeSet<&str> = objects.keys().map(String::as_str).collect();
    loop {
        remove_free(&mut open, objects);
        let Some(&start) = open.first() else { return };
        let circle = circle_from(start, &open, objects);
        tell(&circle, objects, report);
        for (name, _) in circle {
            open.remove(name);
        }
    }
}

/// The existing objects that an object uses.
fn used_by<'o>(name: &str, objects: &'o Objects) -> impl Iterator<Item = Step<'o>> {
    let roles = objects.get(name).into_iter().flat_map(|object| &object.instance.uses);
    roles.flat_map(|role| &role.objects).filter_map(|used| {
        let (name, _) = objects.get_key_value(&used.value)?;
        Some((name.as_str(), used.span))
    })
}

/// Takes away, again and again, what uses nothing that is left.
fn remove_free(open: &mut BTreeSet<&str>, objects: &Objects) {
    let mut users: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut waiting: HashMap<&str, usize> = HashMap::new();
    for &name in open.iter() {
        for (used, _) in used_by(name, objects).filter(|(used, _)| open.contains(used)) {
            users.entry(used).or_default().push(name);
            *waiting.entry(name).or_default() += 1;
        }
    }
    let mut free: Vec<&str> = open.iter().copied().filter(|name| !waiting.contains_key(name)).collect();
    while let Some(name) = free.pop() {
        open.remove(name);
        for &user in users.get(name).into_iter().flatten() {
            let left = waiting.get_mut(user).expect("every user waits for what it uses");
            *left -= 1;
            if *left == 0 {
                free.push(user);
            }
        }
    }
}

/// Follows the first role that stays within `open` until an object comes again.
fn circle_from<'o>(start: &'o str, open: &BTreeSet<&str>, objects: &'o Objects) -> Vec<Step<'o>> {
    let mut trail: Vec<Step<'o>> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut at = start;
    loop {
        if let Some(&begin) = places.get(at) {
            return trail.split_off(begin);
        }
        let mut next = used_by(at, objects).filter(|(name, _)| open.contains(name));
        let (name, span) = next.next().expect("whatever uses nothing that is left was taken away");
        places.insert(at, trail.len());
        trail.push((at, span));
        at = name;
    }
}

fn tell(circle: &[Step<'_>], objects: &Objects, report: &mut Report) {
    let first = circle.iter().enumerate().min_by_key(|(_, (name, _))| *name).map_or(0, |(index, _)| index);
    let names: Vec<&str> = circle[first..].iter().chain(&circle[..first]).map(|(name, _)| *name).collect();
    let message = match names.as_slice() {
        [only] => format!("`{only}` uses itself"),
        _ => format!("these objects use one another: {} -> {}", names.join(" -> "), names[0]),
    };
    let help = "an object starts after those that it uses, so these never could: remove one of the roles";
    let file = objects[names[0]].instance.file;
    report.error(file, Mistake::new(circle[first].1, message).help(help));
}
