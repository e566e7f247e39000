//! Reads one file's tree as a layout: fields, objects, includes. It checks form and spelling,
//! never whether a kind or an object exists; windows are read by [`crate::windows`].

use std::collections::HashMap;

use crate::draft::{Draft, DraftBrick, DraftObject, DraftRole, Instance, Lost, Spanned};
use crate::report::{FileId, Report};
use crate::suggest;
use crate::syntax::signs;
use crate::syntax::{Expr, ExprKind, Item, MapEntry, Mistake, Name, Span, Tree};
use crate::value::{MIXED, convert};

/// The newest format of layouts that this version knows.
pub const FORMAT: i64 = 1;

const FIELDS: [&str; 5] = ["format", "name", "include", "objects", "windows"];
const OBJECT_FIELDS: [&str; 5] = ["kind", "uses", "config", "keep", "override"];

pub(crate) fn read(file: FileId, tree: &Tree, report: &mut Report) -> Draft {
    let lost = if tree.is_shaky() { Lost::ALL } else { Lost::default() };
    let mut reader = Reader { file, tree, report, bricks: Vec::new(), lost };
    for mistake in tree.errors() {
        reader.report.error(file, mistake.clone());
    }
    let draft = reader.file().unwrap_or_else(|| {
        reader.lost = Lost::ALL;
        Draft::default()
    });
    Draft { bricks: reader.bricks, lost: reader.lost, ..draft }
}

pub(crate) struct Reader<'r> {
    pub(crate) file: FileId,
    pub(crate) tree: &'r Tree,
    pub(crate) report: &'r mut Report,
    pub(crate) bricks: Vec<DraftBrick>,
    pub(crate) lost: Lost,
}

/// The arguments of one group, sorted out.
pub(crate) struct Fields<'e> {
    pub(crate) positional: Vec<&'e Expr>,
    named: HashMap<&'e str, &'e Expr>,
    /// Whether something was left out that may have been meant for a field that is missing.
    has_unknown: bool,
}

impl<'e> Fields<'e> {
    pub(crate) fn get(&self, name: &str) -> Option<&'e Expr> {
        self.named.get(name).copied()
    }
}

impl Reader<'_> {
    /// Reports a mistake of form, unless the syntax there is jumbled already.
    pub(crate) fn error(&mut self, mistake: Mistake) {
        if !self.tree.is_jumbled(mistake.span) {
            self.report.error(self.file, mistake);
        }
    }

    /// Whether a field of the whole layout may be missing only because of the syntax.
    fn may_be_lost(&self, root: &Expr) -> bool {
        self.tree.is_shaky() || self.tree.is_broken(root.span)
    }

    /// Says that `expr` is not what belongs there, unless that is only because it is unreadable.
    pub(crate) fn wrong(&mut self, expr: &Expr, expected: &str, help: Option<&str>) {
        self.lost.uses = true;
        if expr.kind != ExprKind::Broken {
            let mut mistake = Mistake::new(head(expr), format!("expected {expected}, found {}", expr.describe()));
            mistake.help = help.map(str::to_owned);
            self.error(mistake);
        }
    }

    /// `None` if it cannot be read as a layout at all.
    fn file(&mut self) -> Option<Draft> {
        let help = "a layout is written Beamline(format: 1, name: \"...\", objects: {...}, windows: [...])";
        let Some(root) = self.tree.root() else {
            if self.tree.errors().is_empty() {
                self.error(Mistake::new(Span::at(0), "this file is empty").help(help));
            }
            return None;
        };
        let items = match &root.kind {
            ExprKind::Group { name: Some(name), .. } if name.text != "Beamline" => {
                let message = format!("expected `Beamline(..)`, found `{}(..)`", name.text);
                self.error(Mistake::new(name.span, message).help(help));
                return None;
            }
            ExprKind::Group { items, .. } => items,
            _ => {
                self.wrong(root, "`Beamline(..)`", Some(help));
                return None;
            }
        };
        if !self.format(items, root) {
            return None;
        }
        let fields = self.fields(items, &FIELDS, "a layout", 0);
        self.lost.objects |= fields.has_unknown && fields.get("objects").is_none();
        let is_layout_itself = self.file == 0;
        if is_layout_itself && fields.get("name").is_none() && !self.may_be_lost(root) {
            let help = "add name: \"...\", the name of the beamline";
            self.error(Mistake::new(head(root), "the layout has no name").help(help));
        }
        let name = fields.get("name").and_then(|expr| self.text(expr, "the name of the beamline"));
        Some(Draft {
            name: name.map(|name| name.value),
            includes: fields.get("include").map(|expr| self.includes(expr)).unwrap_or_default(),
            objects: fields.get("objects").map(|expr| self.objects(expr)).unwrap_or_default(),
            windows: fields.get("windows").map(|expr| self.windows(expr)).unwrap_or_default(),
            ..Draft::default()
        })
    }

    /// Whether the file says a format that this version can read.
    fn format(&mut self, items: &[Item], root: &Expr) -> bool {
        let is_format = |item: &&Item| item.name.as_ref().is_some_and(|name| name.text == "format");
        let Some(expr) = items.iter().find(is_format).map(|item| &item.value) else {
            if !self.may_be_lost(root) {
                let help = format!("write `format: {FORMAT},` as its first field");
                self.error(Mistake::new(head(root), "the layout does not say its format").help(help));
            }
            return true;
        };
        match expr.kind {
            ExprKind::Int(1..=FORMAT) => true,
            ExprKind::Int(number) if number > FORMAT => {
                let message = format!("format {number} is newer than this Brickwork, which reads format {FORMAT}");
                let help = "use the Brickwork that this layout was written for, or a newer one";
                self.error(Mistake::new(expr.span, message).help(help));
                false
            }
            ExprKind::Int(number) => {
                let message = format!("there is no format {number}: the first is 1");
                self.error(Mistake::new(expr.span, message).help(format!("write `format: {FORMAT}`")));
                true
            }
            _ => {
                self.wrong(expr, "the number of the format", Some(&format!("write `format: {FORMAT}`")));
                true
            }
        }
    }

    /// Sorts out arguments: fields that are unknown or doubled, and more than `positional`
    /// arguments without a name, are reported and left out.
    pub(crate) fn fields<'e>(
        &mut self,
        items: &'e [Item],
        known: &[&'static str],
        of: &str,
        positional: usize,
    ) -> Fields<'e> {
        let mut fields = Fields { positional: Vec::new(), named: HashMap::new(), has_unknown: false };
        let mut first: HashMap<&str, Span> = HashMap::new();
        let mut misspelt = Vec::new();
        for item in items {
            let Some(name) = &item.name else {
                self.positional(&mut fields, &item.value, !first.is_empty(), positional, of);
                continue;
            };
            if let Some(first) = first.get(name.text.as_str()) {
                let message = format!("the field `{}` is given twice", name.text);
                self.error(Mistake::new(name.span, message).label(*first, "first here"));
                continue;
            }
            first.insert(&name.text, name.span);
            if known.contains(&name.text.as_str()) {
                fields.named.insert(&name.text, &item.value);
            } else {
                self.unknown_field(name, known, of);
                fields.has_unknown = true;
                misspelt.extend(suggest::nearest(&name.text, known.iter().copied()).map(|meant| (meant, &item.value)));
            }
        }
        // Read as what it was meant to be, so that its content is checked and not missed.
        for (meant, value) in misspelt {
            fields.named.entry(meant).or_insert(value);
        }
        fields
    }

    fn positional<'e>(&mut self, fields: &mut Fields<'e>, value: &'e Expr, late: bool, allowed: usize, of: &str) {
        if value.kind == ExprKind::Broken {
            fields.positional.push(value);
        } else if fields.positional.len() == allowed {
            let message = match allowed {
                0 => format!("the fields of {of} have names, but {} stands here without one", value.describe()),
                1 => format!("{of} takes one value, but {} follows it", value.describe()),
                n => format!("{of} takes {n} values, but {} follows them", value.describe()),
            };
            self.error(Mistake::new(head(value), message));
            fields.has_unknown = true;
        } else {
            if late {
                let message = "values without a name come before those with one";
                self.error(Mistake::new(head(value), message));
            }
            fields.positional.push(value);
        }
    }

    fn unknown_field(&mut self, name: &Name, known: &[&str], of: &str) {
        let mut mistake = Mistake::new(name.span, format!("{of} has no field `{}`", name.text));
        mistake.help = match (of, name.text.as_str()) {
            ("`Brick`", "kind") => Some("its kind comes first, without a name: Brick(\"motors.table\", ...)".into()),
            _ => suggest::help(&name.text, known.iter().copied(), "its fields"),
        };
        self.error(mistake);
    }

    /// Quoted text that is not empty.
    pub(crate) fn text(&mut self, expr: &Expr, what: &str) -> Option<Spanned<String>> {
        match &expr.kind {
            ExprKind::Text(text) if text.trim().is_empty() => {
                self.error(Mistake::new(expr.span, format!("{what} is empty")));
                None
            }
            ExprKind::Text(text) => {
                if let Some(why) = signs::in_name(text) {
                    let mistake = Mistake::new(expr.span, format!("{what} cannot be used: {why}"));
                    self.error(mistake.help("write it anew by hand"));
                }
                Some(Spanned { value: text.clone(), span: expr.span })
            }
            ExprKind::Name(name) => {
                let help = format!("write \"{name}\", in double quotes");
                self.wrong(expr, what, Some(&help));
                None
            }
            _ => {
                self.wrong(expr, &format!("{what} in double quotes"), None);
                None
            }
        }
    }

    /// The items of a list.
    pub(crate) fn list<'e>(&mut self, expr: &'e Expr, what: &str, help: &str) -> &'e [Expr] {
        if let ExprKind::List(items) = &expr.kind {
            return items;
        }
        self.wrong(expr, what, Some(help));
        &[]
    }

    fn map<'e>(&mut self, expr: &'e Expr, what: &str, help: &str) -> &'e [MapEntry] {
        if let ExprKind::Map(entries) = &expr.kind {
            return entries;
        }
        self.wrong(expr, what, Some(help));
        &[]
    }

    fn includes(&mut self, expr: &Expr) -> Vec<Spanned<String>> {
        let items = self.list(expr, "a list of files", "write include: [\"common/motors.ron\"]");
        items.iter().filter_map(|item| self.text(item, "the path of a layout")).collect()
    }

    fn objects(&mut self, expr: &Expr) -> Vec<DraftObject> {
        let help = "write objects: {\"omega\": (kind: \"spec.motor\"), ...}";
        let entries = self.map(expr, "a map of objects", help);
        self.lost.objects |= !matches!(expr.kind, ExprKind::Map(_));
        entries.iter().filter_map(|entry| self.object(entry)).collect()
    }

    fn object(&mut self, entry: &MapEntry) -> Option<DraftObject> {
        let name = self.text(&entry.key, "the name of an object");
        self.lost.objects |= name.is_none();
        let ExprKind::Group { name: None, items } = &entry.value.kind else {
            let help = "an object is written (kind: \"spec.motor\", uses: {...}, config: (...))";
            self.wrong(&entry.value, "an object", Some(help));
            // Its name is known all the same: whoever uses it made no mistake.
            let span = entry.value.span;
            let file = self.file;
            let instance =
                Instance { file, span, kind: None, uses: Vec::new(), config: None, keep: None, is_broken: true };
            return Some(DraftObject { name: name?, overrides: false, instance });
        };
        let fields = self.fields(items, &OBJECT_FIELDS, "an object", 0);
        let kind = match fields.get("kind") {
            Some(expr) => self.text(expr, "the kind of an object"),
            None => {
                if !self.tree.is_broken(entry.value.span) && !fields.has_unknown {
                    let what =
                        name.as_ref().map_or("this object".into(), |name| format!("the object `{}`", name.value));
                    let place = name.as_ref().map_or(entry.value.span, |name| name.span);
                    self.error(Mistake::new(place, format!("{what} has no kind")).help("add kind: \"...\""));
                }
                None
            }
        };
        let written = fields.get("override");
        let overrides = written.map_or(Some(false), |expr| self.truth(expr));
        let mut instance = self.instance(entry.value.span, kind, &fields);
        instance.is_broken |= overrides.is_none();
        Some(DraftObject { name: name?, overrides: overrides.unwrap_or(true), instance })
    }

    /// `true` or `false`.
    fn truth(&mut self, expr: &Expr) -> Option<bool> {
        if let ExprKind::Bool(value) = expr.kind {
            return Some(value);
        }
        self.wrong(expr, "true or false", None);
        None
    }

    /// Reads `uses`, `config` and `keep`, which objects and bricks share.
    pub(crate) fn instance(&mut self, span: Span, kind: Option<Spanned<String>>, fields: &Fields<'_>) -> Instance {
        let uses = fields.get("uses").map(|expr| self.uses(expr)).unwrap_or_default();
        let converted = fields.get("config").map(convert);
        let (config, mistakes) = converted.map(|(config, mistakes)| (Some(config), mistakes)).unwrap_or_default();
        let keep = fields.get("keep").and_then(|expr| self.truth(expr));
        let is_broken = !mistakes.is_empty() || self.tree.is_broken(span);
        // What cannot be read may stand without its name.
        let is_readable = fields.get("config").is_some_and(|config| !self.tree.is_broken(config.span));
        let told = mistakes.into_iter().filter(|mistake| is_readable || mistake.message != MIXED);
        told.for_each(|mistake| self.error(mistake));
        Instance { file: self.file, span, kind, uses, config, keep, is_broken }
    }

    fn uses(&mut self, expr: &Expr) -> Vec<DraftRole> {
        let entries = self.map(expr, "a map of roles", "write uses: {\"role\": \"object\"}");
        let mut roles: Vec<DraftRole> = Vec::new();
        for entry in entries {
            let Some(name) = self.text(&entry.key, "the name of a role") else { continue };
            if let Some(first) = roles.iter().find(|role| role.name.value == name.value) {
                let message = format!("the role `{}` is given twice", name.value);
                self.error(Mistake::new(name.span, message).label(first.name.span, "first here"));
                continue;
            }
            let written = match &entry.value.kind {
                ExprKind::List(items) => items.as_slice(),
                _ => std::slice::from_ref(&entry.value),
            };
            let objects: Vec<_> = written.iter().filter_map(|item| self.text(item, "the name of an object")).collect();
            let is_broken = objects.len() < written.len() || self.tree.is_broken(entry.value.span);
            roles.push(DraftRole { name, objects, span: entry.value.span, is_broken });
        }
        roles
    }
}

/// What a message about a whole value underlines: a variant's name, or an opening bracket.
pub(crate) fn head(expr: &Expr) -> Span {
    match &expr.kind {
        ExprKind::Group { name: Some(name), .. } => name.span,
        ExprKind::Group { .. } | ExprKind::List(_) | ExprKind::Map(_) => {
            Span::new(expr.span.start, expr.span.start + 1)
        }
        _ => expr.span,
    }
}
