//! Files that people and compilers write.

use std::path::Path;
use std::process::Command;

use brickwork_engine::Trust;
use brickwork_engine::loader::check;
use brickwork_layout::{format, load_from};

/// A layout and an include, with a NUL between; it is read, judged, shown, and written in the house style.
pub(crate) fn layout(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (layout, include) = text.split_once('\0').unwrap_or((&text, ""));
    let path = Path::new("/layouts/fuzz.ron");
    let reader = |asked: &Path| Ok(if asked == path { layout } else { include }.to_owned());
    let loaded = load_from(&reader, path, None);
    assert_eq!(loaded.beamline.is_none(), loaded.error_count() > 0, "{}", loaded.render());
    if let Ok(formatted) = format(path, layout) {
        let again = format(path, &formatted).map_err(|error| error.to_string());
        assert_eq!(again.as_deref(), Ok(formatted.as_str()), "what is formatted stays as it is");
    }
}

pub(crate) fn layout_seeds() -> Vec<Vec<u8>> {
    let shipped: &[&[u8]] = &[
        include_bytes!("../../../layouts/demo.ron"),
        include_bytes!("../../../layouts/demo-mjpeg.ron"),
        include_bytes!("../../../layouts/gallery.ron"),
        include_bytes!("../../../layouts/id14-4.ron"),
        b"Beamline(format: 1, name: \"T\", include: [\"x.ron\"], windows: [])\0Beamline(format: 1, objects: {\"a\": (kind: \"k\", config: (x: -1e-3, y: 'c', z: r#\"raw\"#, w: Some(0x1F)))})",
    ];
    shipped.iter().map(|text| text.to_vec()).collect()
}

/// A plugin's file, as it is judged before any of its code runs.
pub(crate) fn elf(data: &[u8]) {
    let file = std::env::temp_dir().join(format!("brickwork-fuzz-{}.so", std::process::id()));
    std::fs::write(&file, data).expect("the temporary folder can be written");
    let judged = check(&file, &Trust::new(&[]));
    let _ = judged.map(|judged| judged.hash);
}

/// Libraries as the compiler's linker writes them, with the mark of a plugin and without.
pub(crate) fn elf_seeds() -> Vec<Vec<u8>> {
    let sources =
        ["const char BRICKWORK_PROTOCOL[24] = \"BRICKWORK-PROTOCOL:\\0\\1\\0\\0\";", "int nothing(void) { return 7; }"];
    sources.iter().filter_map(|source| library(source)).collect()
}

fn library(source: &str) -> Option<Vec<u8>> {
    let stem = std::env::temp_dir().join(format!("brickwork-fuzz-seed-{}", std::process::id()));
    let (text, built) = (stem.with_extension("c"), stem.with_extension("seed"));
    std::fs::write(&text, source).ok()?;
    let mut compiler = Command::new("cc");
    compiler.args(["-shared", "-nostdlib", "-s", "-Wl,-z,max-page-size=4096", "-o"]).args([&built, &text]);
    let library =
        compiler.status().ok().filter(std::process::ExitStatus::success).and_then(|_| std::fs::read(&built).ok());
    for file in [text, built] {
        // It helps nobody any more.
        let _ = std::fs::remove_file(file);
    }
    library
}
