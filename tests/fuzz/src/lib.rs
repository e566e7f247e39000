//! What any bytes may do to each decoder of the project: nothing but an answer or an error. `cargo xtask soak` feeds each
//! target with a fuzzer that looks for new paths; the tests here feed the seeds and some thousand mutations of them.

#![forbid(unsafe_code)]

mod camera;
mod files;
mod link;
mod spec;

/// One decoder: what bytes are fed to, and bytes that it takes.
pub struct Target {
    /// What `cargo xtask soak` calls it.
    pub name: &'static str,
    /// Takes any bytes; a panic, a hang or too much memory is a finding.
    pub run: fn(&[u8]),
    /// Good inputs to begin with.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

/// All of them.
pub const TARGETS: &[Target] = &[
    Target { name: "value", run: link::value, seeds: link::value_seeds },
    Target { name: "to_engine", run: link::to_engine, seeds: link::to_engine_seeds },
    Target { name: "to_shell", run: link::to_shell, seeds: link::to_shell_seeds },
    Target { name: "view", run: link::view, seeds: link::view_seeds },
    Target { name: "http", run: camera::http, seeds: camera::http_seeds },
    Target { name: "camera_url", run: camera::url, seeds: camera::url_seeds },
    Target { name: "login", run: camera::login, seeds: camera::login_seeds },
    Target { name: "lima", run: camera::lima, seeds: camera::lima_seeds },
    Target { name: "spec", run: spec::packets, seeds: spec::packet_seeds },
    Target { name: "spec_call", run: spec::call, seeds: spec::call_seeds },
    Target { name: "layout", run: files::layout, seeds: files::layout_seeds },
    Target { name: "elf", run: files::elf, seeds: files::elf_seeds },
];

/// The target of a name.
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}
