//! Writes the crates: a workspace with one library for each stack, all with the same functions below different attributes.
//!
//! Half of the functions are `async`. A future that nobody polls is never compiled, so each module also has a function that
//! polls each of its futures once; it is the same in all crates.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

use super::Stack;

/// Functions of one module.
const MODULE: u32 = 50;

/// The folder of the crates, made anew around what cargo has built there before.
///
/// # Errors
/// When a file cannot be written.
pub fn write_all(workspace: &Path, functions: u32) -> io::Result<PathBuf> {
    let folder = workspace.join("target/compile");
    for stack in Stack::ALL {
        let crate_folder = folder.join(stack.as_str());
        fs::create_dir_all(crate_folder.join("src"))?;
        fs::write(crate_folder.join("Cargo.toml"), manifest(stack, workspace))?;
        fs::write(library(&folder, stack), source(stack, functions))?;
    }
    fs::write(folder.join("Cargo.toml"), root())?;
    // The versions that everything else here is measured with.
    fs::copy(workspace.join("Cargo.lock"), folder.join("Cargo.lock"))?;
    Ok(folder)
}

/// The one source file of a crate.
pub fn library(folder: &Path, stack: Stack) -> PathBuf {
    folder.join(stack.as_str()).join("src/lib.rs")
}

fn root() -> String {
    let members = Stack::ALL.map(|stack| format!("{:?}", stack.as_str())).join(", ");
    // Incremental compilation would keep what it has seen, and splits a library into pieces of no fixed size.
    format!("[workspace]\nresolver = \"3\"\nmembers = [{members}]\n\n[profile.dev]\nincremental = false\n")
}

fn manifest(stack: Stack, workspace: &Path) -> String {
    let name = stack.as_str();
    let dependency = match stack {
        Stack::Bare => String::new(),
        Stack::Wirespan => {
            let path = workspace.join("runtime");
            format!("wirespan = {{ path = '{}', default-features = false }}\n", path.display())
        }
        Stack::Tracing => {
            "tracing = { version = \"0.1\", default-features = false, features = [\"std\", \"attributes\"] }\n".into()
        }
        Stack::Fastrace => "fastrace = { version = \"0.7\", features = [\"enable\"] }\n".into(),
    };
    format!(
        "[package]\nname = \"compile-{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
         [lib]\ntest = false\ndoctest = false\n\n[dependencies]\n{dependency}"
    )
}

/// The attribute's line.
fn attribute(stack: Stack) -> &'static str {
    match stack {
        Stack::Bare => "",
        Stack::Wirespan => "    #[wirespan::traced]\n",
        Stack::Tracing => "    #[tracing::instrument]\n",
        Stack::Fastrace => "    #[fastrace::trace]\n",
    }
}

fn source(stack: Stack, functions: u32) -> String {
    let mut text = String::from("//! Written by the benchmark `compile`.\n");
    for first in (0..functions).step_by(MODULE as usize) {
        let last = functions.min(first + MODULE);
        module(&mut text, stack, first..last);
    }
    text
}

fn module(text: &mut String, stack: Stack, numbers: std::ops::Range<u32>) {
    let attribute = attribute(stack);
    let mut polls = String::new();
    put(text, &format!("\npub mod m{} {{\n    use std::num::ParseIntError;\n", numbers.start / MODULE));
    for n in numbers {
        let (keyword, more) = if n % 2 == 0 { ("", "") } else { ("async ", ".await") };
        let start = if n % 2 == 0 { "name.parse()?" } else { "std::future::ready(name.parse())" };
        put(
            text,
            &format!(
                "\n{attribute}    pub {keyword}fn f{n}(id: u64, name: &str, lines: Vec<String>) -> Result<u64, ParseIntError> {{\n        \
                 let number: u64 = {start}{more}{};\n        \
                 Ok(number.wrapping_mul({n}).wrapping_add(id).wrapping_add(lines.len() as u64))\n    }}\n",
                if n % 2 == 0 { "" } else { "?" },
            ),
        );
        if n % 2 == 1 {
            put(
                &mut polls,
                &format!(
                    "        ready += u64::from(pin!(f{n}(1, \"2\", Vec::new())).poll(cx).is_ready());\n"
                ),
            );
        }
    }
    put(
        text,
        &format!(
            "\n    pub fn poll(cx: &mut std::task::Context<'_>) -> u64 {{\n        \
             use std::{{future::Future as _, pin::pin}};\n        let mut ready = 0;\n{polls}        ready\n    }}\n}}\n"
        ),
    );
}

fn put(text: &mut String, more: &str) {
    // Writing to a `String` cannot fail.
    let _ = text.write_str(more);
}
