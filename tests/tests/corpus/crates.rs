//! The corpus as crates, in a workspace of its own below the target folder, and cargo run on it.
//!
//! One package for each edition and attribute, with every file of the corpus as an example. The attribute that does nothing is
//! in a crate that goes by the name `wirespan`, so that the files are the same to the byte.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::{env, fs};

use serde_json::Value;

/// The editions that can call us.
pub(crate) const EDITIONS: [&str; 2] = ["2021", "2024"];

const FILES: [&str; 3] = ["clean", "messy", "shadowed"];

/// The file that is a program.
const PROGRAM: &str = "drops";

/// An attribute `#[traced]`.
#[derive(Clone, Copy)]
pub(crate) enum Attribute {
    /// One that gives back the function as it is.
    None,
    Ours,
}

impl Attribute {
    const ALL: [Self; 2] = [Self::None, Self::Ours];

    const fn name(self) -> &'static str {
        match self {
            Self::None => "bare",
            Self::Ours => "traced",
        }
    }
}

/// Something that a lint said.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Lint {
    pub(crate) code: String,
    /// Where the function begins, when it is about all of it.
    line: usize,
    message: String,
}

impl Lint {
    pub(crate) fn is_of_rustc(&self) -> bool {
        !self.code.starts_with("clippy::")
    }
}

/// A workspace with the corpus.
pub(crate) struct Corpus(PathBuf);

impl Corpus {
    /// Writes the workspace that is called `name`.
    pub(crate) fn write(name: &str) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("corpus").join(name);
        let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
        let put = |path: &str, text: String| {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        put("bare/src/lib.rs", BARE.to_owned());
        put("bare/Cargo.toml", format!("{}\n[lib]\nproc-macro = true\n", package("bare", "2024")));
        let mut members = vec!["\"bare\"".to_owned()];
        for edition in EDITIONS {
            for attribute in Attribute::ALL {
                let name = format!("{}-{edition}", attribute.name());
                let dependency = match attribute {
                    Attribute::None => "package = \"bare\", path = \"../bare\"".to_owned(),
                    Attribute::Ours => {
                        format!("path = '{}', default-features = false", tests.join("../runtime").display())
                    }
                };
                let examples = FILES.map(|file| {
                    let path = source(file);
                    format!(
                        "[[example]]\nname = \"{file}\"\npath = '{}'\ncrate-type = [\"lib\"]\n",
                        path.display()
                    )
                });
                let program =
                    format!("[[example]]\nname = \"{PROGRAM}\"\npath = '{}'\n", source(PROGRAM).display());
                put(
                    &format!("{name}/Cargo.toml"),
                    format!(
                        "{}\n[dependencies]\nwirespan = {{ {dependency} }}\n\n{}\n{program}",
                        package(&name, edition),
                        examples.join("\n")
                    ),
                );
                put(&format!("{name}/src/lib.rs"), String::new());
                members.push(format!("{name:?}"));
            }
        }
        put("Cargo.toml", format!("[workspace]\nresolver = \"3\"\nmembers = [{}]\n", members.join(", ")));
        // The versions that everything else here is tested with.
        fs::copy(tests.join("../Cargo.lock"), root.join("Cargo.lock")).unwrap();
        Self(root)
    }

    /// Compiles a file with the levels of lints that it sets itself.
    ///
    /// # Errors
    /// What cargo said.
    pub(crate) fn check(&self, attribute: Attribute, edition: &str, file: &str) -> Result<(), String> {
        let output = self.cargo(&["check"], attribute, edition, file, &[]);
        if output.status.success() {
            Ok(())
        } else {
            Err(String::from_utf8_lossy(&output.stderr).into_owned())
        }
    }

    /// What the program prints.
    pub(crate) fn run(&self, attribute: Attribute, edition: &str) -> String {
        let output = self.cargo(&["run"], attribute, edition, PROGRAM, &[]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// What all lints of rustc and clippy say of a file.
    pub(crate) fn lints(&self, attribute: Attribute, edition: &str, file: &str) -> BTreeSet<Lint> {
        let flags = [
            "--cap-lints=warn",
            "-Wclippy::all",
            "-Wclippy::pedantic",
            "-Wclippy::nursery",
            "-Wclippy::restriction",
            "-Aclippy::blanket_clippy_restriction_lints",
        ];
        let output = self.cargo(&["clippy", "--message-format=json"], attribute, edition, file, &flags);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let source = fs::read_to_string(source(file)).unwrap();
        String::from_utf8_lossy(&output.stdout)
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok())
            .filter(|message| message["reason"] == "compiler-message" && message["target"]["name"] == file)
            .filter_map(|message| lint(&source, &message["message"]))
            .collect()
    }

    fn cargo(
        &self,
        command: &[&str],
        attribute: Attribute,
        edition: &str,
        file: &str,
        flags: &[&str],
    ) -> Output {
        let package = format!("{}-{edition}", attribute.name());
        Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(command)
            .args(["--offline", "--quiet", "--package", &package, "--example", file])
            .arg("--target-dir")
            .arg(self.0.with_file_name("target"))
            .args(if flags.is_empty() { &[][..] } else { &["--"] })
            .args(flags)
            .current_dir(&self.0)
            .env_remove("CARGO_TARGET_DIR")
            .env_remove("RUSTFLAGS")
            .env_remove("CLIPPY_ARGS")
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }
}

fn lint(source: &str, message: &Value) -> Option<Lint> {
    let code = message["code"]["code"].as_str()?.to_owned();
    let span = message["spans"].as_array()?.iter().find(|span| span["is_primary"] == true)?;
    let line = usize::try_from(span["line_start"].as_u64()?).ok()?;
    // What is about a function as a whole begins with its attribute, where that is ours, else behind it.
    let attributes =
        source.lines().skip(line - 1).take_while(|line| line.trim_start().starts_with("#[")).count();
    Some(Lint { code, line: line + attributes, message: message["message"].as_str()?.to_owned() })
}

fn source(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(file).with_extension("rs")
}

fn package(name: &str, edition: &str) -> String {
    format!("[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"{edition}\"\npublish = false\n")
}

const BARE: &str = "
//! Attributes that do nothing.
use proc_macro::TokenStream;

#[proc_macro_attribute]
pub fn traced(_: TokenStream, item: TokenStream) -> TokenStream {
    item
}

#[proc_macro_derive(Capture, attributes(capture))]
pub fn capture(_: TokenStream) -> TokenStream {
    TokenStream::new()
}
";
