//! Judges the joined layout: brick ids, roles, objects, interfaces, configs. It sees all objects of
//! all files at once, and is silent about what follows from another mistake.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::circles;
use crate::config;
use crate::draft::{DraftBrick, DraftObject, DraftRole, Instance, Lost};
use brickwork_sdk::protocol::{KindInfo, Role, RoleCount};

use crate::kinds::Kinds;
use crate::report::Report;
use crate::schema;
use crate::suggest;
use crate::syntax::{Mistake, Span};

/// For how many unknown objects of one layout the nearest name is sought.
const MAX_COMPARED: usize = 200;

pub(crate) type Objects = BTreeMap<String, DraftObject>;

/// The identity of each brick; it does not depend on its position among other bricks.
pub(crate) fn bricks_have_ids(bricks: &[DraftBrick], report: &mut Report) -> Vec<String> {
    let mut explicit: HashMap<&str, (usize, Span)> = HashMap::new();
    for brick in bricks {
        let Some(id) = &brick.id else { continue };
        if let Some(&(file, span)) = explicit.get(id.value.as_str()) {
            let mistake = Mistake::new(id.span, format!("two bricks have the id `{}`", id.value));
            report.error_with(brick.instance.file, mistake, (file, span, "first here"));
        } else {
            explicit.insert(&id.value, (brick.instance.file, id.span));
        }
    }
    let mut counts: HashMap<String, usize> = HashMap::new();
    let mut id = |brick: &DraftBrick| match &brick.id {
        Some(id) => id.value.clone(),
        None => loop {
            let base = derived_id(&brick.instance);
            let count = counts.entry(base.clone()).or_default();
            *count += 1;
            let id = if *count == 1 { base } else { format!("{base}#{count}") };
            if !explicit.contains_key(id.as_str()) {
                return id;
            }
        },
    };
    bricks.iter().map(&mut id).collect()
}

/// `motors.table(motors=omega+phi)`
fn derived_id(instance: &Instance) -> String {
    let uses = instance.uses();
    let roles: Vec<String> = uses.iter().map(|(role, names)| format!("{role}={}", names.join("+"))).collect();
    if roles.is_empty() { instance.kind() } else { format!("{}({})", instance.kind(), roles.join(",")) }
}

/// Checks everything that needs all files.
pub(crate) fn check(
    objects: &Objects,
    bricks: &[DraftBrick],
    kinds: Option<&dyn Kinds>,
    lost: Lost,
    report: &mut Report,
) {
    let mut checker =
        Checker { objects, kinds, lost, infos: HashMap::new(), serving: HashMap::new(), compared: 0, report };
    if kinds.is_some() {
        checker.object_kinds();
    }
    for object in objects.values() {
        let info = checker.infos.get(object.instance.kind().as_str()).cloned();
        checker.instance(&object.instance, info.as_deref());
    }
    let brick_kinds = kinds.map(Kinds::brick_kinds);
    for brick in bricks {
        let kind = brick.instance.kind();
        let info = kinds.and_then(|kinds| kinds.brick(&kind));
        if let (Some(known), None) = (&brick_kinds, &info) {
            checker.unknown_kind(&brick.instance, "brick", known);
        }
        checker.instance(&brick.instance, info.as_ref());
    }
    circles::check(objects, checker.report);
    if !lost.objects && !lost.uses && !bricks.is_empty() {
        checker.unused(bricks);
    }
}

struct Checker<'c> {
    objects: &'c Objects,
    kinds: Option<&'c dyn Kinds>,
    lost: Lost,
    /// Of the kinds of all objects; a kind that is not in it is unknown.
    infos: HashMap<String, Arc<KindInfo>>,
    /// The objects that serve an interface in a version, once somebody asked.
    serving: HashMap<(String, u32), Vec<&'c str>>,
    /// How many names of objects were compared with all others; that takes time.
    compared: usize,
    report: &'c mut Report,
}

impl<'c> Checker<'c> {
    fn object_kinds(&mut self) {
        let Some(kinds) = self.kinds else { return };
        let known = kinds.object_kinds();
        for object in self.objects.values() {
            let kind = object.instance.kind();
            if self.infos.contains_key(&kind) {
                continue;
            }
            match kinds.object(&kind) {
                Some(info) => {
                    self.infos.insert(kind, Arc::new(info));
                }
                None => self.unknown_kind(&object.instance, "object", &known),
            }
        }
    }

    fn unknown_kind(&mut self, instance: &Instance, what: &str, known: &[String]) {
        let Some(kind) = &instance.kind else { return };
        let mut mistake = Mistake::new(kind.span, format!("no plugin has the {what} kind `{}`", kind.value));
        if let Some(why) = self.kinds.and_then(Kinds::missing) {
            return self.report.warning(instance.file, mistake.help(why));
        }
        let nearest = suggest::nearest(&kind.value, known.iter().map(String::as_str));
        mistake.help = nearest.map(|name| format!("did you mean `{name}`?")).or_else(|| {
            let plugin = kind.value.split('.').next().unwrap_or_default();
            let siblings = known.iter().map(String::as_str).filter(|name| name.split('.').next() == Some(plugin));
            suggest::all_of(siblings, &format!("the {what} kinds of `{plugin}`"))
        });
        self.report.error(instance.file, mistake);
    }

    fn instance(&mut self, instance: &Instance, info: Option<&KindInfo>) {
        for role in &instance.uses {
            self.role(instance, role, info);
        }
        let (Some(info), Some(kind)) = (info, &instance.kind) else { return };
        for role in info.roles.iter().filter(|role| role.count == RoleCount::One) {
            let is_given = instance.uses.iter().any(|given| given.name.value == role.name);
            if !is_given && !instance.is_broken && !self.is_misspelt(instance, role, info) {
                self.missing_role(instance, role);
            }
        }
        if let Some(kinds) = self.kinds {
            let config = instance.config();
            let mut problems = schema::check(&info.config, &config);
            // The plugin would say the first of them once more.
            if problems.is_empty() {
                problems = kinds.check_config(&kind.value, &config);
            }
            let mistakes = problems.iter().filter_map(|problem| config::mistake(instance, problem));
            mistakes.for_each(|mistake| self.report.error(instance.file, mistake));
        }
    }

    /// Whether an unknown role was reported with this one as its suggestion.
    fn is_misspelt(&self, instance: &Instance, role: &Role, info: &KindInfo) -> bool {
        instance.uses.iter().any(|given| {
            info.roles.iter().all(|known| known.name != given.name.value)
                && suggest::nearest(&given.name.value, role_names(info)) == Some(&role.name)
        })
    }

    fn missing_role(&mut self, instance: &Instance, role: &Role) {
        let message = format!("`{}` needs an object in the role `{}`", instance.kind(), role.name);
        let help = match self.candidates(instance, role).as_slice() {
            [] => format!("an object that serves `{}` must be in the layout", wanted(role)),
            [name, ..] => format!("add \"{}\": \"{name}\" to its uses", role.name),
        };
        self.report.error(instance.file, Mistake::new(instance.title_span(), message).help(help));
    }

    fn role(&mut self, instance: &Instance, given: &DraftRole, info: Option<&KindInfo>) {
        let role = info.and_then(|info| info.roles.iter().find(|role| role.name == given.name.value));
        if let (Some(info), None) = (info, role) {
            let message = format!("`{}` has no role `{}`", instance.kind(), given.name.value);
            let mut mistake = Mistake::new(given.name.span, message);
            mistake.help = suggest::help(&given.name.value, role_names(info), "its roles")
                .or_else(|| info.roles.is_empty().then(|| "it uses no objects".to_owned()));
            self.report.error(instance.file, mistake);
        }
        if let Some(role) = role {
            self.count(instance, given, role);
        }
        for object in &given.objects {
            match self.objects.get(&object.value) {
                None => self.unknown_object(instance, &object.value, object.span),
                Some(target) => {
                    if let Some(role) = role {
                        self.interface(instance, role, target, object.span);
                    }
                }
            }
        }
    }

    fn count(&mut self, instance: &Instance, given: &DraftRole, role: &Role) {
        let (is_fine, wanted) = match role.count {
            RoleCount::One => (given.objects.len() == 1, "exactly one object"),
            RoleCount::Optional => (given.objects.len() <= 1, "one object or none"),
            RoleCount::Many => (true, ""),
        };
        if !is_fine && !given.is_broken {
            let message = format!("the role `{}` takes {wanted}, not {}", role.name, given.objects.len());
            self.report.error(instance.file, Mistake::new(given.span, message));
        }
    }

    fn unknown_object(&mut self, instance: &Instance, name: &str, span: Span) {
        self.compared += 1;
        let known = self.objects.keys().map(String::as_str);
        let nearest = if self.compared <= MAX_COMPARED { suggest::nearest(name, known) } else { None };
        // It may be in what could not be read; a name that is nearly right is wrong all the same.
        if self.lost.objects && nearest.is_none() {
            return;
        }
        let mut mistake = Mistake::new(span, format!("there is no object `{name}`"));
        mistake.help = nearest.map(|name| format!("did you mean `{name}`?"));
        self.report.error(instance.file, mistake);
    }

    fn interface(&mut self, instance: &Instance, role: &Role, target: &DraftObject, span: Span) {
        let kind = target.instance.kind();
        let Some(info) = self.infos.get(&kind) else { return };
        if serves(info, role) {
            return;
        }
        let name = &target.name.value;
        let other = info.serves.iter().find(|(name, _)| *name == role.interface);
        let message = match other {
            Some(older) => format!(
                "the role `{}` needs `{}`, but `{name}` (`{kind}`) serves only version {}",
                role.name,
                wanted(role),
                older.1
            ),
            None => {
                format!("the role `{}` needs `{}`, which `{name}` (`{kind}`) does not serve", role.name, wanted(role))
            }
        };
        let mut mistake = Mistake::new(span, message);
        let candidates = self.candidates(instance, role);
        mistake.help =
            suggest::all_of(candidates.iter().copied(), &format!("the objects that serve `{}`", wanted(role))).or_else(
                || candidates.is_empty().then(|| format!("no object of this layout serves `{}`", wanted(role))),
            );
        self.report.error(instance.file, mistake);
    }

    /// The names of the objects that could take this role of an instance; at most as many as are
    /// worth telling.
    fn candidates(&mut self, instance: &Instance, role: &Role) -> Vec<&'c str> {
        let (objects, infos) = (self.objects, &self.infos);
        let fits = |object: &DraftObject| infos.get(&object.instance.kind()).is_some_and(|info| serves(info, role));
        let all = self.serving.entry((role.interface.clone(), role.version)).or_insert_with(|| {
            objects.iter().filter(|(_, object)| fits(object)).map(|(name, _)| name.as_str()).collect()
        });
        let is_other = |name: &&&str| !std::ptr::eq(&objects[**name].instance, instance);
        all.iter().filter(is_other).take(suggest::MANY).copied().collect()
    }

    fn unused(&mut self, bricks: &[DraftBrick]) {
        let instances = self.objects.values().map(|object| &object.instance).chain(bricks.iter().map(|b| &b.instance));
        let used: BTreeSet<&str> = instances
            .flat_map(|i| &i.uses)
            .flat_map(|role| &role.objects)
            .map(|object| object.value.as_str())
            .collect();
        for (name, object) in self.objects.iter().filter(|(name, _)| !used.contains(name.as_str())) {
            let mistake = Mistake::new(object.name.span, format!("no brick and no object uses `{name}`"));
            self.report.warning(object.instance.file, mistake);
        }
    }
}

fn role_names(info: &KindInfo) -> impl Iterator<Item = &str> + Clone {
    info.roles.iter().map(|role| role.name.as_str())
}

/// The interface that the framework itself serves for every object.
const EVERY_OBJECT: &str = "object";

pub(crate) fn serves(info: &KindInfo, role: &Role) -> bool {
    role.interface == EVERY_OBJECT
        || info.serves.iter().any(|(name, version)| *name == role.interface && *version >= role.version)
}

/// `motor`, or `motor >= 2` where the version matters.
pub(crate) fn wanted(role: &Role) -> String {
    if role.version <= 1 { role.interface.clone() } else { format!("{} >= {}", role.interface, role.version) }
}
