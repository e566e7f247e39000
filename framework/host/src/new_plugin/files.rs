//! The files of a new plugin, put together from the texts in `templates/`. `tests/new_plugin.rs` builds and tests all
//! of them.

use std::path::Path;

use super::Content;
use super::name::Name;

const HEAD_BOTH: &str = include_str!("templates/head_both.txt");
const HEAD_OBJECT: &str = include_str!("templates/head_object.txt");
const HEAD_BRICK: &str = include_str!("templates/head_brick.txt");
const OBJECT: &str = include_str!("templates/object.txt");
const BRICK: &str = include_str!("templates/brick.txt");
const TEST_BOTH: &str = include_str!("templates/test_both.txt");
const TEST_OBJECT: &str = include_str!("templates/test_object.txt");
const TEST_BRICK: &str = include_str!("templates/test_brick.txt");
const LAYOUT_BOTH: &str = include_str!("templates/layout_both.txt");
const LAYOUT_OBJECT: &str = include_str!("templates/layout_object.txt");
const LAYOUT_BRICK: &str = include_str!("templates/layout_brick.txt");
const MANIFEST: &str = include_str!("templates/manifest.txt");
const README: &str = include_str!("templates/readme.txt");

/// Path and text of each file; `sdk` and `programs` are whole paths.
pub fn files(name: &Name, content: Content, sdk: &Path, programs: &Path) -> Result<Vec<(String, String)>, String> {
    let snake = &name.snake;
    let (code, layout, words, kind) = match content {
        Content::Both => (
            [HEAD_BOTH, OBJECT, "\n", BRICK, TEST_BOTH].concat(),
            LAYOUT_BOTH,
            format!("an axis of motion, `{snake}.axis`, and a panel for any motor, `{snake}.panel`"),
            format!("{snake}.axis"),
        ),
        Content::Object => (
            [HEAD_OBJECT, OBJECT, TEST_OBJECT].concat(),
            LAYOUT_OBJECT,
            format!("an axis of motion, `{snake}.axis`"),
            format!("{snake}.axis"),
        ),
        Content::Brick => (
            [HEAD_BRICK, BRICK, TEST_BRICK].concat(),
            LAYOUT_BRICK,
            format!("a panel for any motor, `{snake}.panel`"),
            format!("{snake}.panel"),
        ),
    };
    let guide = sdk.with_file_name("docs").join("plugins.md").display().to_string();
    let path = sdk.to_str().ok_or_else(|| format!("{} is no path that cargo reads: it is not UTF-8", sdk.display()))?;
    let fill = |text: &str| {
        text.replace("@NAME@", &name.kebab)
            .replace("@SNAKE@", snake)
            .replace("@CONTENT@", &words)
            .replace("@KIND@", &kind)
            .replace("@PROGRAMS@", &programs.display().to_string())
            .replace("@GUIDE@", &guide)
            .replace("@SDK@", &quoted(path))
    };
    let texts = [
        ("Cargo.toml".into(), MANIFEST),
        ("src/lib.rs".into(), code.as_str()),
        (format!("{}.ron", name.kebab), layout),
        ("README.md".into(), README),
        (".gitignore".into(), "/target\n"),
    ];
    Ok(texts.into_iter().map(|(file, text)| (file, fill(text))).collect())
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            control if control.is_control() => quoted += &format!("\\u{:04X}", u32::from(control)),
            letter => quoted.push(letter),
        }
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_in_the_texts_is_filled() {
        let name = Name { kebab: "cryo-stream".into(), snake: "cryo_stream".into() };
        for content in [Content::Both, Content::Object, Content::Brick] {
            let files = files(&name, content, Path::new("/a \"b\"/sdk"), Path::new("/p")).expect("the path is UTF-8");
            for (file, text) in &files {
                assert!(!text.contains('@'), "{content:?} {file}:\n{text}");
            }
            assert!(files[0].1.contains(r#"path = "/a \"b\"/sdk""#), "{}", files[0].1);
        }
    }
}
