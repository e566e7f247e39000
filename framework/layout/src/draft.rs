//! What one file says, with the place of every name: the form between the tree and the checked
//! layout. Made by [`crate::read`], joined by [`mod@crate::load`], judged by [`crate::check`].

use std::collections::BTreeMap;

use brickwork_sdk::Value;

use crate::model::WindowSpec;
use crate::report::FileId;
use crate::syntax::Span;
use crate::value::Converted;

/// Something with its place.
#[derive(Clone, Debug)]
pub(crate) struct Spanned<T> {
    pub(crate) value: T,
    pub(crate) span: Span,
}

/// One file.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub(crate) name: Option<String>,
    pub(crate) includes: Vec<Spanned<String>>,
    pub(crate) objects: Vec<DraftObject>,
    pub(crate) windows: Vec<WindowSpec>,
    /// The bricks of `windows` in the order in which they are written.
    pub(crate) bricks: Vec<DraftBrick>,
    pub(crate) lost: Lost,
}

/// What a file may say that could not be read, so that nobody complains that it is missing.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Lost {
    /// Objects, with their names.
    pub(crate) objects: bool,
    /// Uses of objects, by other objects or by bricks.
    pub(crate) uses: bool,
}

impl Lost {
    pub(crate) const ALL: Self = Self { objects: true, uses: true };

    pub(crate) fn or(self, other: Self) -> Self {
        Self { objects: self.objects || other.objects, uses: self.uses || other.uses }
    }
}

#[derive(Debug)]
pub(crate) struct DraftObject {
    pub(crate) name: Spanned<String>,
    pub(crate) overrides: bool,
    pub(crate) instance: Instance,
}

#[derive(Debug)]
pub(crate) struct DraftBrick {
    pub(crate) id: Option<Spanned<String>>,
    pub(crate) instance: Instance,
}

/// What objects and bricks have in common.
#[derive(Debug)]
pub(crate) struct Instance {
    pub(crate) file: FileId,
    pub(crate) span: Span,
    pub(crate) kind: Option<Spanned<String>>,
    pub(crate) uses: Vec<DraftRole>,
    pub(crate) config: Option<Converted>,
    /// Whether its state comes back at the next start, where the layout says so.
    pub(crate) keep: Option<bool>,
    /// Whether parts of it may be missing because they could not be read.
    pub(crate) is_broken: bool,
}

#[derive(Debug)]
pub(crate) struct DraftRole {
    pub(crate) name: Spanned<String>,
    pub(crate) objects: Vec<Spanned<String>>,
    /// The whole of what is bound to the role.
    pub(crate) span: Span,
    pub(crate) is_broken: bool,
}

impl Instance {
    pub(crate) fn kind(&self) -> String {
        self.kind.as_ref().map(|kind| kind.value.clone()).unwrap_or_default()
    }

    pub(crate) fn uses(&self) -> BTreeMap<String, Vec<String>> {
        let names = |role: &DraftRole| role.objects.iter().map(|object| object.value.clone()).collect();
        self.uses.iter().map(|role| (role.name.value.clone(), names(role))).collect()
    }

    pub(crate) fn config(&self) -> Value {
        self.config.as_ref().map(|config| config.value.clone()).unwrap_or_default()
    }

    /// The place that stands for the whole in a message: its kind, which fits on one line.
    pub(crate) fn title_span(&self) -> Span {
        self.kind.as_ref().map_or(self.span, |kind| kind.span)
    }
}
