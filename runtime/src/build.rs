//! For build scripts: the repository and the revision that a program is built from.
//!
//! ```toml
//! [build-dependencies]
//! wirespan = { version = "0.1", default-features = false, features = ["build"] }
//! ```
//!
//! ```
//! // In `main` of `build.rs`:
//! wirespan::build::emit_vcs();
//! ```
//!
//! The program says [`build_info!`](crate::build_info) then, and each span's resource has `vcs.repository.url.full` and
//! `vcs.ref.head.revision`.

use std::env;
use std::io::{self, Write as _};
use std::process::{Command, Stdio};

use crate::setup::resource::vcs::{Vcs, checked_revision, names, public_url};

/// Tells the compiler of this crate its repository and revision, where they are known: from `DD_GIT_REPOSITORY_URL` and
/// `DD_GIT_COMMIT_SHA`, the variables of a build service, or `git`. Without any of them nothing is told, and nothing fails.
///
/// Credentials in the repository's address are left out. The build script runs again when the revision changes.
pub fn emit_vcs() {
    let mut out = io::stdout().lock();
    for line in lines(|name| env::var(name).ok(), git) {
        // Cargo has gone; nobody is left to tell.
        let _ = writeln!(out, "{line}");
    }
}

fn lines(variable: impl Fn(&str) -> Option<String>, git: impl Fn(&[&str]) -> Option<String>) -> Vec<String> {
    let mut lines: Vec<_> = names().map(|name| format!("cargo:rerun-if-env-changed={name}")).collect();
    let (url, revision) = (git(&["config", "--get", "remote.origin.url"]), git(&["rev-parse", "HEAD"]));
    let url = url.as_deref().and_then(public_url);
    let revision = revision.as_deref().and_then(checked_revision);
    // The files that change with the revision: HEAD, and the branch that it names.
    let branch = git(&["symbolic-ref", "-q", "HEAD"]);
    let files = ["HEAD"].into_iter().chain(branch.as_deref()).chain(["packed-refs"]);
    let paths = files.filter_map(|file| git(&["rev-parse", "--git-path", file]));
    // A file that is not there would make the script run each time.
    let paths = paths.filter(|path| std::path::Path::new(path).exists());
    lines.extend(paths.map(|path| format!("cargo:rerun-if-changed={path}")));
    let said = Vcs::of_variables(variable);
    let url = said.url.map(|set| set.value).or(url);
    let revision = said.revision.map(|set| set.value).or(revision);
    lines.extend(url.map(|url| format!("cargo:rustc-env=WIRESPAN_VCS_URL={url}")));
    lines.extend(revision.map(|revision| format!("cargo:rustc-env=WIRESPAN_VCS_REVISION={revision}")));
    lines
}

/// What `git` says, in one line; `None` where there is none, or no repository.
fn git(arguments: &[&str]) -> Option<String> {
    let output =
        Command::new("git").args(arguments).stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok().filter(|_| output.status.success())?;
    let line = text.lines().next()?.trim();
    (!line.is_empty()).then(|| line.to_owned())
}

#[cfg(test)]
mod tests {
    use super::lines;

    const SHA: &str = "0123456789abcdef0123456789abcdef01234567";

    fn told(lines: &[String]) -> Vec<&str> {
        lines.iter().filter_map(|line| line.strip_prefix("cargo:rustc-env=")).collect()
    }

    #[test]
    fn without_a_repository_nothing_is_told() {
        let lines = lines(|_| None, |_| None);
        assert!(told(&lines).is_empty(), "{lines:?}");
        assert!(lines.contains(&"cargo:rerun-if-env-changed=DD_GIT_COMMIT_SHA".to_owned()), "{lines:?}");
    }

    #[test]
    fn a_repository_is_told_without_its_credentials() {
        let git = |arguments: &[&str]| match arguments {
            ["config", ..] => Some("https://user:canary@example.com/acme/shop.git".to_owned()),
            ["rev-parse", "HEAD"] => Some(SHA.to_owned()),
            _ => None,
        };
        let from_git = lines(|_| None, git);
        let revision = format!("WIRESPAN_VCS_REVISION={SHA}");
        assert_eq!(told(&from_git), ["WIRESPAN_VCS_URL=https://example.com/acme/shop", &*revision]);
        let variable = |name: &str| (name == "DD_GIT_COMMIT_SHA").then(|| "abcdef12".to_owned());
        let set = lines(variable, git);
        assert_eq!(
            told(&set),
            ["WIRESPAN_VCS_URL=https://example.com/acme/shop", "WIRESPAN_VCS_REVISION=abcdef12"]
        );
        assert!(!format!("{from_git:?}{set:?}").contains("canary"));
    }
}
