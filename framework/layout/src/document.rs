//! Says what the kinds of objects and bricks are, from what plugins say of themselves: for a terminal
//! or as Markdown. `brickwork kinds` prints it. It loads no plugin and checks nothing.

mod config;
mod example;
mod ron;
mod table;

use brickwork_sdk::interface::{ChannelInfo, CommandInfo, Interface, Unit, WhileBusy};
use brickwork_sdk::protocol::{KindInfo, PluginInfo, Role, RoleCount};

use crate::check::wanted;
use crate::suggest;
use table::{Table, cell};

pub use example::example;

/// How a text is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Aligned columns, for a terminal.
    Plain,
    /// Headings and tables in Markdown.
    Markdown,
}

/// All kinds by plugin, each with its sentence of help.
pub fn kinds(plugins: &[PluginInfo], style: Style) -> String {
    let mut out = String::new();
    for plugin in plugins {
        let mut table = Table::new(&["kind", "is", "help"]);
        for (kinds, what) in [(&plugin.objects, "object"), (&plugin.bricks, "brick")] {
            kinds.iter().for_each(|info| table.row([cell(&info.kind), what.into(), info.help.clone()]));
        }
        if !table.is_empty() {
            table::heading(&mut out, style, 2, &format!("{} {}", plugin.name, plugin.version));
            table.write(&mut out, style);
        }
    }
    out
}

/// All that there is to say about one kind.
///
/// # Errors
/// Says that there is no such kind, and which one may be meant.
pub fn kind(plugins: &[PluginInfo], name: &str, style: Style) -> Result<String, String> {
    let Some((plugin, info, is_object)) = find(plugins, name) else { return Err(unknown(plugins, name)) };
    let mut out = String::new();
    table::heading(&mut out, style, 2, &info.kind);
    let what = if is_object { "An object kind" } else { "A brick kind" };
    out += &format!("{}\n\n{what} of {} {}.\n", info.help, plugin.name, plugin.version);
    for (interface, version) in &info.serves {
        table::heading(&mut out, style, 3, &format!("Serves {interface} v{version}"));
        let known = plugins.iter().flat_map(|plugin| &plugin.interfaces);
        if let Some(interface) = known.into_iter().find(|i| i.name == *interface && i.version == *version) {
            contract(&mut out, style, interface);
        }
    }
    if !info.roles.is_empty() {
        table::heading(&mut out, style, 3, "Roles");
        roles(&info.roles).write(&mut out, style);
    }
    table::heading(&mut out, style, 3, "Config");
    match config::table(&info.config) {
        fields if fields.is_empty() => out += "It takes no config.\n",
        fields => fields.write(&mut out, style),
    }
    Ok(out)
}

/// The part of a page that shows an example, with a remark where it is not complete.
pub fn with_example(page: &mut String, style: Style, example: &str, remark: &str) {
    table::heading(page, style, 3, "Example");
    table::code(page, style, example);
    if !remark.is_empty() {
        *page += &format!("\n{remark}\n");
    }
}

fn find<'p>(plugins: &'p [PluginInfo], name: &str) -> Option<(&'p PluginInfo, &'p KindInfo, bool)> {
    plugins.iter().find_map(|plugin| {
        let of = |kinds: &'p [KindInfo]| kinds.iter().find(|info| info.kind == name);
        let object = of(&plugin.objects).map(|info| (plugin, info, true));
        object.or_else(|| of(&plugin.bricks).map(|info| (plugin, info, false)))
    })
}

fn unknown(plugins: &[PluginInfo], name: &str) -> String {
    let all = || plugins.iter().flat_map(|plugin| plugin.objects.iter().chain(&plugin.bricks)).map(|k| k.kind.as_str());
    let family = name.split('.').next().unwrap_or_default();
    let siblings = all().filter(|known| known.split('.').next() == Some(family));
    let nearest = suggest::nearest(name, all()).map(|near| format!("did you mean `{near}`?"));
    let help = nearest.or_else(|| suggest::all_of(siblings, &format!("the kinds of `{family}`")));
    format!("no plugin has the kind `{name}`; {}", help.unwrap_or_else(|| "`brickwork kinds` lists all".into()))
}

fn contract(out: &mut String, style: Style, interface: &Interface) {
    *out += &format!("{}\n", interface.help);
    let mut channels = Table::new(&["channel", "type", "unit", "help"]);
    interface.channels.iter().for_each(|channel| channels.row(channel_row(channel)));
    if !channels.is_empty() {
        out.push('\n');
        channels.write(out, style);
    }
    let mut commands = Table::new(&["command", "when busy", "help"]);
    interface.commands.iter().for_each(|command| commands.row(command_row(command)));
    if !commands.is_empty() {
        out.push('\n');
        commands.write(out, style);
    }
}

fn optional(is_optional: bool) -> &'static str {
    if is_optional { ", optional" } else { "" }
}

fn channel_row(channel: &ChannelInfo) -> [String; 4] {
    let unit = match &channel.unit {
        Unit::None => String::new(),
        Unit::Fixed(unit) => unit.clone(),
        Unit::Channel(name) => format!("as {} says", cell(name)),
    };
    let period = channel.period_secs.map(|secs| format!(" Published at least every {secs} s."));
    let kind = format!("{}{}", rust_type(&channel.kind), optional(channel.optional));
    [cell(&channel.name), kind, unit, format!("{}{}", channel.help, period.unwrap_or_default())]
}

fn command_row(command: &CommandInfo) -> [String; 3] {
    let argument = |argument: &brickwork_sdk::interface::ArgumentInfo| {
        let within = argument.within.as_ref().map(|channel| format!(" within {channel}")).unwrap_or_default();
        format!("{}: {}{within}", argument.name, rust_type(&argument.kind))
    };
    let arguments: Vec<String> = command.arguments.iter().map(argument).collect();
    let name = format!("{}({})", command.name, arguments.join(", "));
    let when = match command.while_busy {
        _ if command.always => "always works",
        WhileBusy::Refuse => "refused",
        WhileBusy::Queue => "waits",
        WhileBusy::Replace => "takes its place",
    };
    [format!("{}{}", cell(&name), optional(command.optional)), when.into(), command.help.clone()]
}

/// A Rust type in words; its name where it has none.
fn rust_type(kind: &str) -> String {
    let kind = kind.trim();
    let inside = |open: &str, close: &str| kind.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
    match kind {
        "f32" | "f64" => "number".into(),
        "bool" => "true or false".into(),
        "String" | "PathBuf" => "text".into(),
        "u8" | "u16" | "u32" | "u64" | "usize" | "i8" | "i16" | "i32" | "i64" | "isize" => "whole number".into(),
        _ => match (inside("Vec<", ">"), inside("Option<", ">"), inside("(", ")")) {
            (Some(item), ..) => format!("list of {}", rust_type(item)),
            (_, Some(value), _) => format!("{} or nothing", rust_type(value)),
            (.., Some(parts)) if !parts.contains(['(', '<']) => {
                format!("({})", parts.split(',').map(rust_type).collect::<Vec<_>>().join(", "))
            }
            _ => kind.into(),
        },
    }
}

fn roles(roles: &[Role]) -> Table {
    let mut table = Table::new(&["role", "takes", "help"]);
    for role in roles {
        let count = match role.count {
            RoleCount::One => "one",
            RoleCount::Optional => "none or one",
            RoleCount::Many => "any number of",
        };
        table.row([cell(&role.name), format!("{count} {}", cell(&wanted(role))), role.help.clone()]);
    }
    table
}
