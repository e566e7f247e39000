//! Loads a layout with all its includes: reads, joins, checks. It opens files through the function
//! that it is given and starts nothing.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io;
use std::path::{Component, Path, PathBuf};

use crate::check;
use crate::diagnostic::{Diagnostic, Severity};
use crate::draft::{Draft, DraftBrick, DraftObject, Lost, Spanned};
use crate::file;
use crate::kinds::Kinds;
use crate::model::{Beamline, ObjectSpec, WindowSpec};
use crate::read;
use crate::report::{FileId, Report};
use crate::source::Sources;
use crate::syntax::{Mistake, Span, parse};

/// How many files may include one another in a chain.
const MAX_CHAIN: usize = 32;

/// What came of loading a layout.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The layout; `None` if there is an error, never for a warning.
    pub beamline: Option<Beamline>,
    /// All errors and warnings of all files, by file and place.
    pub diagnostics: Vec<Diagnostic>,
    /// Every file that was read or should have been, the layout itself first: what to watch.
    pub files: Vec<PathBuf>,
    /// The texts of the files, for showing the diagnostics.
    pub sources: Sources,
}

impl Loaded {
    /// The diagnostics as text; empty if there are none.
    pub fn render(&self) -> String {
        crate::diagnostic::render(&self.diagnostics, &self.sources)
    }

    /// How many errors there are.
    pub fn error_count(&self) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count()
    }
}

/// Loads the layout at `path` from disk. Without `kinds`, only what needs no plugin is checked.
pub fn load(path: &Path, kinds: Option<&dyn Kinds>) -> Loaded {
    load_with(&file::read_text, &file::identity, path, kinds)
}

/// As [`load()`], with files from anywhere: `reader` gives the text at a path.
pub fn load_from(reader: Reader<'_>, path: &Path, kinds: Option<&dyn Kinds>) -> Loaded {
    load_with(reader, &|_| None, path, kinds)
}

fn load_with(reader: Reader<'_>, identity: Identity<'_>, path: &Path, kinds: Option<&dyn Kinds>) -> Loaded {
    let mut loader = Loader {
        reader,
        identity,
        report: Report::default(),
        drafts: Vec::new(),
        identities: Vec::new(),
        chain: Vec::new(),
    };
    loader.file(normal(path), None);
    let Loader { mut report, mut drafts, .. } = loader;
    let lost = drafts.iter().map(Slot::lost).fold(Lost::default(), Lost::or);
    let name = drafts[0].draft.as_ref().and_then(|draft| draft.name.clone()).unwrap_or_default();
    let joined = Join { drafts: &mut drafts, report: &mut report, lost }.join();
    let ids = check::bricks_have_ids(&joined.bricks, &mut report);
    check::check(&joined.objects, &joined.bricks, kinds, lost, &mut report);
    let beamline = (!report.has_errors()).then(|| build(name, joined, ids, &report));
    let (diagnostics, files, sources) = report.finish();
    Loaded { beamline, diagnostics, files, sources }
}

/// Gives the text of a file.
pub type Reader<'r> = &'r dyn Fn(&Path) -> io::Result<String>;

/// Says which file a path leads to, where that is known: links may give one file many paths.
type Identity<'r> = &'r dyn Fn(&Path) -> Option<(u64, u64)>;

/// One file, once it was asked for.
struct Slot {
    /// `None` if it could not be read at all.
    draft: Option<Draft>,
    includes: Vec<FileId>,
}

impl Slot {
    fn lost(&self) -> Lost {
        self.draft.as_ref().map_or(Lost::ALL, |draft| draft.lost)
    }
}

struct Loader<'r> {
    reader: Reader<'r>,
    identity: Identity<'r>,
    report: Report,
    drafts: Vec<Slot>,
    /// Which file each of them is.
    identities: Vec<Option<(u64, u64)>>,
    chain: Vec<FileId>,
}

impl Loader<'_> {
    /// Reads a file and what it includes; `from` is the place that names it.
    fn file(&mut self, path: PathBuf, from: Option<(FileId, Span)>) -> Option<FileId> {
        let identity = (self.identity)(&path);
        let same_path = self.report.files.iter().position(|file| *file == path);
        let known =
            same_path.or_else(|| self.identities.iter().position(|known| known.is_some() && *known == identity));
        if let Some(known) = known {
            let Some(start) = self.chain.iter().position(|file| *file == known) else { return Some(known) };
            self.cycle(start, from.expect("only an include can ask for a file again"));
            return None;
        }
        let (asking, span) = from.unwrap_or_default();
        if self.chain.len() == MAX_CHAIN {
            let message = format!("more than {MAX_CHAIN} files include one another");
            self.report.error(asking, Mistake::new(span, message));
            return None;
        }
        let id = self.report.files.len();
        self.report.files.push(path.clone());
        self.identities.push(identity);
        self.drafts.push(Slot { draft: None, includes: Vec::new() });
        match (self.reader)(&path) {
            Ok(text) => self.read(id, &path, text),
            Err(error) => {
                let mut mistake = Mistake::new(span, format!("cannot read {}: {}", path.display(), reason(&error)));
                if from.is_some() {
                    mistake = mistake.help("the path is relative to the folder of the file that it stands in");
                }
                self.report.error(asking, mistake);
            }
        }
        Some(id)
    }

    fn read(&mut self, id: FileId, path: &Path, text: String) {
        let tree = parse(&text);
        self.report.sources.insert(path.to_owned(), text);
        let draft = read::read(id, &tree, &mut self.report);
        self.chain.push(id);
        let folder = path.parent().unwrap_or(Path::new(""));
        for Spanned { value, span } in &draft.includes {
            let included = self.file(normal(&folder.join(value)), Some((id, *span)));
            self.drafts[id].includes.extend(included);
        }
        self.chain.pop();
        self.drafts[id].draft = Some(draft);
    }

    fn cycle(&mut self, start: usize, (file, span): (FileId, Span)) {
        let names: Vec<String> =
            self.chain[start..].iter().map(|file| self.report.files[*file].display().to_string()).collect();
        let message = match names.as_slice() {
            [_] => "this file includes itself".to_owned(),
            _ => format!("these files include one another: {} -> {}", names.join(" -> "), names[0]),
        };
        self.report.error(file, Mistake::new(span, message).help("remove one of the includes"));
    }
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".into(),
        _ => error.to_string(),
    }
}

/// The path without `.` and, where that can be seen from the path alone, without `..`.
fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(out.components().next_back(), Some(Component::Normal(_))) => {
                out.pop();
            }
            part => out.push(part),
        }
    }
    out
}

/// The objects and windows of all files.
struct Joined {
    objects: BTreeMap<String, DraftObject>,
    windows: Vec<WindowSpec>,
    bricks: Vec<DraftBrick>,
}

struct Join<'l> {
    drafts: &'l mut [Slot],
    report: &'l mut Report,
    lost: Lost,
}

impl Join<'_> {
    fn join(mut self) -> Joined {
        let mut joined = Joined { objects: BTreeMap::new(), windows: Vec::new(), bricks: Vec::new() };
        self.overrides_have_something_to_override();
        for draft in self.drafts.iter_mut().filter_map(|slot| slot.draft.as_mut()) {
            joined.windows.append(&mut draft.windows);
            joined.bricks.append(&mut draft.bricks);
        }
        joined.objects = self.objects(0, &mut HashSet::from([0]));
        joined
    }

    /// The objects of a file over those of its includes. A file that is included on two ways
    /// counts once.
    fn objects(&mut self, file: FileId, seen: &mut HashSet<FileId>) -> BTreeMap<String, DraftObject> {
        let mut all: BTreeMap<String, DraftObject> = BTreeMap::new();
        for include in std::mem::take(&mut self.drafts[file].includes) {
            if seen.insert(include) {
                for (name, object) in self.objects(include, seen) {
                    self.add(&mut all, name, object);
                }
            }
        }
        let own = self.drafts[file].draft.as_mut().map(|draft| std::mem::take(&mut draft.objects));
        let mut names: HashMap<String, Span> = HashMap::new();
        for object in own.unwrap_or_default() {
            let Spanned { value: name, span } = object.name.clone();
            if let Some(first) = names.get(&name) {
                let mistake = Mistake::new(span, format!("the name `{name}` is given twice"));
                self.report.error(file, mistake.label(*first, "first here"));
                continue;
            }
            names.insert(name.clone(), span);
            if object.overrides {
                all.insert(name, object);
            } else {
                self.add(&mut all, name, object);
            }
        }
        all
    }

    /// Adds an object of another file, or of this one without `override`.
    fn add(&mut self, all: &mut BTreeMap<String, DraftObject>, name: String, object: DraftObject) {
        match all.get(&name) {
            None => {
                all.insert(name, object);
            }
            Some(first) if first.overrides && !object.overrides => {}
            Some(first) if !first.overrides && object.overrides => {
                all.insert(name, object);
            }
            Some(first) => {
                let help = "if this one is to take its place, add override: true";
                let mistake = Mistake::new(object.name.span, format!("the name `{name}` is given twice")).help(help);
                let label = (first.instance.file, first.name.span, "first here");
                self.report.error_with(object.instance.file, mistake, label);
            }
        }
    }

    fn overrides_have_something_to_override(&mut self) {
        if self.lost.objects {
            return;
        }
        let objects = || self.drafts.iter().filter_map(|slot| slot.draft.as_ref()).flat_map(|draft| &draft.objects);
        let mut count: HashMap<&str, usize> = HashMap::new();
        objects().for_each(|object| *count.entry(&object.name.value).or_default() += 1);
        for object in objects()
            .filter(|object| object.overrides && !object.instance.is_broken && count[object.name.value.as_str()] == 1)
        {
            let others = count.keys().copied().filter(|name| *name != object.name.value);
            let name = &object.name;
            let mut mistake = Mistake::new(name.span, format!("`{}` overrides nothing", name.value));
            mistake.help = crate::suggest::nearest(&name.value, others).map(|other| format!("did you mean `{other}`?"));
            self.report.warning(object.instance.file, mistake);
        }
    }
}

fn build(name: String, joined: Joined, ids: Vec<String>, report: &Report) -> Beamline {
    let spec = |object: DraftObject| ObjectSpec {
        kind: object.instance.kind(),
        uses: object.instance.uses(),
        config: object.instance.config(),
        keep: object.instance.keep,
        place: report.place(object.instance.file, object.name.span),
    };
    let mut windows = joined.windows;
    let mut ids = ids.into_iter();
    for window in &mut windows {
        window.root.visit_bricks(&mut |brick| brick.id = ids.next().expect("every brick of the windows has an id"));
    }
    let objects = joined.objects.into_iter().map(|(name, object)| (name, spec(object))).collect();
    Beamline { name, objects, windows }
}
