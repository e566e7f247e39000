//! An empty crate whose dependencies give third-party crates the same features in every build of the workspace.
//! Without it `cargo build -p PLUGIN` would compile half of the plugin's dependencies again, with fewer features than
//! `cargo build --workspace` gave them. It is depended on and never used; `cargo xtask tidy --features` says what
//! belongs in it.
