//! Crates that depend on wirespan as a program does, built by cargo: one with the build script that tells it its repository and
//! revision, one that has left out the feature which it uses.
//!
//! Each is a workspace below the target folder, with the versions that everything else here is tested with.
#![allow(clippy::expect_used, reason = "a fixture that cannot be built fails the test")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::{env, fs};

/// Variables that cargo, rustc and the linker need. What a build service sets is none of the fixture's.
const KEPT: [&str; 8] = [
    "PATH",
    "HOME",
    "CARGO_HOME",
    "RUSTUP_HOME",
    "RUSTUP_TOOLCHAIN",
    "CARGO_BUILD_JOBS",
    "TMPDIR",
    "CARGO_NET_OFFLINE",
];

struct Fixture(PathBuf);

impl Fixture {
    /// A crate of the files in `fixtures/<name>`, with these lines in its manifest.
    fn write(name: &str, manifest: &str) -> Self {
        let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fixtures").join(name);
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(&root).expect("a folder");
        let package = format!(
            "[package]\nname = \"{name}\"\nversion = \"1.2.3\"\nedition = \"2024\"\npublish = false\n\n{manifest}\n[workspace]\n"
        );
        fs::write(root.join("Cargo.toml"), package).expect("a manifest");
        for file in fs::read_dir(tests.join("fixtures").join(name)).expect("it is there").flatten() {
            fs::copy(file.path(), root.join(file.file_name())).expect("it is copied");
        }
        fs::copy(tests.join("../Cargo.lock"), root.join("Cargo.lock")).expect("it is copied");
        Self(root)
    }

    fn run(&self, program: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
        let kept = KEPT.iter().filter_map(|name| Some((*name, env::var_os(name)?)));
        Command::new(program)
            .args(arguments)
            .current_dir(&self.0)
            .env_clear()
            .envs(kept)
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .output()
            .expect("it starts")
    }

    fn cargo(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
        let target = target();
        let target = target.to_str().expect("text");
        let cargo = env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        self.run(&cargo, &[arguments, &["--offline", "--target-dir", target]].concat(), variables)
    }

    fn git(&self, arguments: &[&str]) -> String {
        let author = ["-c", "user.name=nobody", "-c", "user.email=nobody@example.com"];
        let output = self.run("git", &[&author[..], arguments].concat(), &[]);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// What the program prints, and whether its build script ran for it.
    fn prints(&self, variables: &[(&str, &str)]) -> (String, bool) {
        let built = self.cargo(&["build", "--verbose"], variables);
        let said = String::from_utf8_lossy(&built.stderr).into_owned();
        assert!(built.status.success(), "{said}");
        // The script's run, not its compilation.
        let has_run = said.lines().any(|line| {
            line.contains("Running") && line.ends_with("/build-script-build`") && line.contains("vcs")
        });
        let program = target().join("debug/vcs");
        let output = self.run(program.to_str().expect("text"), &[], &[]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let mut lines: Vec<_> = String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect();
        lines.sort_unstable();
        (lines.join("\n") + "\n", has_run)
    }
}

/// The corpus's, which has built most of what is needed here.
fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("corpus/target")
}

fn wirespan(features: &str) -> String {
    let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime");
    format!(
        "wirespan = {{ path = '{}', default-features = false, features = [{features}] }}\n",
        runtime.display()
    )
}

#[test]
fn a_build_script_tells_a_program_its_repository_and_revision() {
    let manifest = format!(
        "[[bin]]\nname = \"vcs\"\npath = \"main.rs\"\n\n[profile.dev]\ndebug = false\n\n[dependencies]\n{}\n[build-dependencies]\n{}",
        wirespan(""),
        wirespan("\"build\"")
    );
    let fixture = Fixture::write("vcs", &manifest);
    let says = |revision: &str, url: &str| {
        let url = if url.is_empty() { String::new() } else { format!("vcs.repository.url.full={url}\n") };
        let revision = format!("vcs.ref.head.revision={revision}\n");
        move |printed: &str| {
            assert!(printed.contains("service.version=1.2.3\n"), "{printed}");
            assert!(printed.contains(&url) && printed.contains(&revision), "{printed}");
        }
    };
    fixture.git(&["init", "--quiet"]);
    fixture.git(&["remote", "add", "origin", "https://user:canary@example.com/acme/shop.git"]);
    fixture.git(&["add", "Cargo.toml"]);
    fixture.git(&["commit", "--quiet", "--message", "first"]);
    let (printed, has_run) = fixture.prints(&[]);
    says(&fixture.git(&["rev-parse", "HEAD"]), "https://example.com/acme/shop")(&printed);
    assert!(has_run && !printed.contains("canary"), "{printed}");
    // Nothing has changed: nothing runs.
    let (again, has_run) = fixture.prints(&[]);
    assert_eq!((again, has_run), (printed, false));
    // A commit more.
    fixture.git(&["commit", "--quiet", "--allow-empty", "--message", "second"]);
    let (printed, has_run) = fixture.prints(&[]);
    says(&fixture.git(&["rev-parse", "HEAD"]), "https://example.com/acme/shop")(&printed);
    assert!(has_run);
    // What a build service says counts before the repository.
    let set = [("GITHUB_ACTIONS", "true"), ("GITHUB_SHA", "0123456789abcdef0123456789abcdef01234567")];
    let (printed, has_run) = fixture.prints(&set);
    says("0123456789abcdef0123456789abcdef01234567", "https://example.com/acme/shop")(&printed);
    assert!(has_run);
    let (printed, _) = fixture.prints(&[("DD_GIT_COMMIT_SHA", "abcdef12"), set[0], set[1]]);
    says("abcdef12", "https://example.com/acme/shop")(&printed);
}

#[test]
fn without_the_feature_what_needs_it_is_an_error_that_names_it() {
    let manifest = format!("[lib]\npath = \"lib.rs\"\n\n[dependencies]\n{}", wirespan(""));
    let fixture = Fixture::write("without_metrics", &manifest);
    let output = fixture.cargo(&["check", "--color", "never"], &[]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "{said}");
    for expected in [
        "error: `metrics` needs the feature `metrics` of `wirespan`\n       help: write `features = [\"metrics\"]` for `wirespan` in Cargo.toml",
        "could not find `metrics` in `wirespan`",
        "no `Metrics` in the root",
        "the item is gated behind the `metrics` feature",
    ] {
        assert!(said.contains(expected), "{expected}\n\nis not in\n\n{said}");
    }
}
