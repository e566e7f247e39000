//! The smallest layout that shows a kind: with the objects that it needs and the config that it must
//! have. Part of [`mod@crate::document`]; whether a plugin's own checks pass is for the caller to try.

use std::collections::BTreeMap;
use std::path::Path;

use brickwork_sdk::Value;
use brickwork_sdk::protocol::{KindInfo, PluginInfo, Role, RoleCount};

use super::find;
use super::ron::{ron, sample};
use crate::check::{serves, wanted};
use crate::schema::Schema;

/// How many objects may need one another in a chain.
const MAX_DEPTH: usize = 8;

/// A layout with one object or brick of this kind, in the house style.
///
/// # Errors
/// Says which role no kind of these plugins can take, or that the kind is unknown.
pub fn example(plugins: &[PluginInfo], kind: &str) -> Result<String, String> {
    let (_, info, is_object) = find(plugins, kind).ok_or_else(|| super::unknown(plugins, kind))?;
    let mut maker = Maker { plugins, objects: BTreeMap::new(), order: Vec::new() };
    let text = if is_object {
        let name = kind.rsplit('.').next().unwrap_or(kind);
        maker.object(name, info, 0)?;
        maker.layout("")
    } else {
        let rest = maker.rest(info, 0)?;
        maker.layout(&format!("windows: [Window(\"Example\", Brick(\"{kind}\"{rest}))],"))
    };
    crate::format::format(Path::new("example.ron"), &text).map_err(|error| error.to_string())
}

struct Maker<'p> {
    plugins: &'p [PluginInfo],
    /// The kind of each object.
    objects: BTreeMap<String, &'p str>,
    /// The objects as they are written, those that are used first.
    order: Vec<String>,
}

impl<'p> Maker<'p> {
    fn layout(&self, windows: &str) -> String {
        let objects = match self.order.as_slice() {
            [] => String::new(),
            objects => format!("objects: {{\n{}\n}},", objects.join("\n")),
        };
        format!("Beamline(\nformat: {}, name: \"EXAMPLE\", {objects} {windows})", crate::FORMAT)
    }

    /// Adds an object; answers its name, which is another where the wanted one is taken.
    fn object(&mut self, wanted: &str, info: &'p KindInfo, depth: usize) -> Result<String, String> {
        let taken = |name: &str| self.objects.get(name).copied();
        if taken(wanted) == Some(info.kind.as_str()) {
            return Ok(wanted.to_owned());
        }
        let mut names = std::iter::once(wanted.to_owned()).chain((2..).map(|n| format!("{wanted}{n}")));
        let name = names.find(|name| taken(name).is_none()).expect("there is always one more number");
        self.objects.insert(name.clone(), &info.kind);
        let rest = self.rest(info, depth)?;
        self.order.push(format!("{name:?}: (kind: {:?}{rest}),", info.kind));
        Ok(name)
    }

    /// What follows the kind: `, uses: {..}, config: (..)`.
    fn rest(&mut self, info: &'p KindInfo, depth: usize) -> Result<String, String> {
        let mut uses = Vec::new();
        for role in &info.roles {
            let provider = self.provider(role, info).filter(|_| role.count != RoleCount::Optional);
            match provider {
                Some(_) if depth == MAX_DEPTH => return Err(format!("`{}` needs too many others", info.kind)),
                Some(provider) => {
                    let name = self.object(&role.name, provider, depth + 1)?;
                    let object = format!("{name:?}");
                    let object = if role.count == RoleCount::Many { format!("[{object}]") } else { object };
                    uses.push(format!("{:?}: {object}", role.name));
                }
                None if role.count == RoleCount::One => {
                    return Err(format!(
                        "no plugin here serves `{}`, which its role `{}` needs",
                        wanted(role),
                        role.name
                    ));
                }
                None => {}
            }
        }
        let uses = if uses.is_empty() { String::new() } else { format!(", uses: {{{}}}", uses.join(", ")) };
        Ok(format!("{uses}{}", config(info)))
    }

    /// The plainest kind that can take a role.
    fn provider(&self, role: &Role, user: &KindInfo) -> Option<&'p KindInfo> {
        let needs = |info: &KindInfo| info.roles.iter().filter(|role| role.count != RoleCount::Optional).count();
        let cost = |info: &&KindInfo| (needs(info), Schema::new(&info.config).required().len(), info.kind.clone());
        let kinds = self.plugins.iter().flat_map(|plugin| &plugin.objects);
        kinds.filter(|info| info.kind != user.kind && serves(info, role)).min_by_key(cost)
    }
}

fn config(info: &KindInfo) -> String {
    let schema = Schema::new(&info.config);
    let value = sample_required(schema);
    match &value {
        Value::Map(entries) if !entries.is_empty() => format!(", config: {}", ron(schema, &value)),
        _ => String::new(),
    }
}

fn sample_required(schema: Schema<'_>) -> Value {
    let schema = schema.resolved();
    let required = schema.required();
    // A field that gives an example is one that a layout has to say, or nearly always says.
    let has_example = |field: &Schema<'_>| matches!(field.get("examples"), Some(Value::List(all)) if !all.is_empty());
    let fields = schema.fields().into_iter();
    let fields = fields.filter(|(name, field)| required.contains(name) || has_example(field));
    Value::map(fields.map(|(name, field)| (name, sample(field))))
}
