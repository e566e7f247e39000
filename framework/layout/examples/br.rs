#![allow(clippy::all, clippy::print_stdout, missing_docs)]
#[path = "../tests/common/mod.rs"]
mod common;
fn main() {
    for piece in [
        "\"\\", "(]", "r#\"", "'\\", "a:b ", "/*", "\"a\"b,", "{[(\n", "x,;", "([)\n", "(a b)", "a ", "{a:", "((",
        "//\n", "\"\n", "(//\n\n)",
    ] {
        let mut line = format!("{piece:10?}");
        for n in [100_000, 200_000, 400_000] {
            let t = piece.repeat(n / piece.len());
            let s = std::time::Instant::now();
            let tree = brickwork_layout::syntax::parse(&t);
            line += &format!(" {:6.0}", s.elapsed().as_secs_f64() * 1e3);
            let s = std::time::Instant::now();
            let _ = tree.to_string();
            let _ = common::load_files(&[("main.ron", &t)], None);
            line += &format!("/{:5.0}", s.elapsed().as_secs_f64() * 1e3);
        }
        println!("{line}");
    }
    for n in [1000, 2000, 4000] {
        let mut objects = String::new();
        for n in 0..n {
            let leader = if n == 0 { String::new() } else { format!("\"leader\": \"m{}\"", n - 1) };
            objects += &format!("\"m{n}\": (kind: \"sim.follower\", uses: {{{leader}}}),\n");
        }
        let names: Vec<String> = (0..n).map(|n| format!("\"m{n}\"")).collect();
        let l = format!(
            "Beamline(format: 1, name: \"big\", objects: {{\n{objects} }}, windows: [Window(\"w\", Brick(\"motors.table\", uses: {{\"motors\": [{}]}}))])",
            names.join(", ")
        );
        for (what, t) in [
            ("good", l.clone()),
            ("kinds", l.replace("sim.follower", "sim.folower")),
            ("roles", l.replace("leader", "leder")),
            ("names", l.replace("\"leader\": \"m", "\"leader\": \"xm")),
            ("missing", l.replace("sim.follower", "minidiff.diffractometer")),
            ("circle", l.replace("uses: {}", &format!("uses: {{\"leader\": \"m{}\"}}", n - 1))),
        ] {
            let s = std::time::Instant::now();
            let r = common::load_files(&[("main.ron", &t)], Some(&common::TestKinds));
            println!("{n} {what} {} diagnostics {:.0} ms", r.diagnostics.len(), s.elapsed().as_secs_f64() * 1e3);
            let s = std::time::Instant::now();
            r.render();
            println!("    render {:.0} ms", s.elapsed().as_secs_f64() * 1e3);
        }
    }
}
