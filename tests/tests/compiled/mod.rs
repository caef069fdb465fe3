//! Small programs, each in a directory of its own with a policy above it, compiled by `rustc` with the crate that the test was
//! built with.
#![allow(
    dead_code,
    clippy::expect_used,
    reason = "a part of several tests; a fixture that cannot be built fails them"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::SystemTime;

/// A crate below a directory with a policy.
pub(crate) struct Fixture {
    pub(crate) root: PathBuf,
}

impl Fixture {
    /// `name` is that of the test's directory; `policy` lies one level above the crate.
    pub(crate) fn new(name: &str, policy: &str, program: &str) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(root.join("krate")).expect("a directory for the fixture");
        let fixture = Self { root };
        fs::write(fixture.policy(), policy).expect("the policy is written");
        fs::write(fixture.root.join("krate/main.rs"), program).expect("the program is written");
        fixture
    }

    pub(crate) fn policy(&self) -> PathBuf {
        self.root.join("wirespan.toml")
    }

    pub(crate) fn rustc(&self, emit: &str) -> Output {
        let (deps, wirespan) = libraries();
        Command::new("rustc")
            .args(["--edition=2024", "--crate-type=bin", "--color=never", "-Dwarnings"])
            .arg(format!("--emit={emit}"))
            .arg("--out-dir")
            .arg(&self.root)
            .arg("-L")
            .arg(format!("dependency={}", deps.display()))
            .arg("--extern")
            .arg(format!("wirespan={}", wirespan.display()))
            .arg(self.root.join("krate/main.rs"))
            .env("CARGO_MANIFEST_DIR", self.root.join("krate"))
            .output()
            .expect("rustc runs")
    }

    /// The errors of a program that does not compile, found in a check or, with `link`, in a build.
    pub(crate) fn errors(&self, emit: &str) -> String {
        let output = self.rustc(emit);
        assert!(!output.status.success(), "it compiles");
        String::from_utf8_lossy(&output.stderr).into_owned()
    }

    /// What the program prints.
    pub(crate) fn run(&self) -> String {
        let output = self.rustc("link");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let ran = Command::new(self.root.join("main")).output().expect("the program runs");
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        String::from_utf8_lossy(&ran.stdout).into_owned()
    }
}

/// Where cargo put the libraries of this build, and ours among them: the one that was written last.
fn libraries() -> (PathBuf, PathBuf) {
    let this = std::env::current_exe().expect("this test is a file");
    let deps = this.parent().expect("in a directory").to_owned();
    let written = |path: &PathBuf| {
        fs::metadata(path).and_then(|data| data.modified()).unwrap_or(SystemTime::UNIX_EPOCH)
    };
    let ours = fs::read_dir(&deps)
        .expect("the directory is read")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with("libwirespan-") && name.ends_with(".rlib")
        })
        .max_by_key(written);
    (deps, ours.expect("wirespan was built for this test"))
}
