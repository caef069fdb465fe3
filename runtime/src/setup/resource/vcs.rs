//! Which repository and revision a program was made of, and what of a repository's address may be told.
//!
//! Read from variables: Datadog's, which somebody set for this purpose, then those of build services. Used when telemetry is switched
//! on, and by build scripts (`build.rs`).

use crate::setup::config::source::{Set, Source};

/// The two attributes; each may be unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Vcs {
    /// `vcs.repository.url.full`.
    pub(crate) url: Option<Set<String>>,
    /// `vcs.ref.head.revision`.
    pub(crate) revision: Option<Set<String>>,
}

/// A build service: a variable that only it sets, then those of the repository's address and of the revision.
const SERVICES: &[(&str, &str, &str)] = &[
    ("GITLAB_CI", "CI_PROJECT_URL", "CI_COMMIT_SHA"),
    ("BUILDKITE", "BUILDKITE_REPO", "BUILDKITE_COMMIT"),
    ("JENKINS_URL", "GIT_URL", "GIT_COMMIT"),
    ("CIRCLECI", "CIRCLE_REPOSITORY_URL", "CIRCLE_SHA1"),
    ("TF_BUILD", "BUILD_REPOSITORY_URI", "BUILD_SOURCEVERSION"),
    ("BITBUCKET_COMMIT", "BITBUCKET_GIT_HTTP_ORIGIN", "BITBUCKET_COMMIT"),
    ("DRONE", "DRONE_GIT_HTTP_URL", "DRONE_COMMIT_SHA"),
    ("SEMAPHORE", "SEMAPHORE_GIT_URL", "SEMAPHORE_GIT_SHA"),
];

/// Every variable that is read: for a build script that is to run again when one changes.
#[cfg(feature = "build")]
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    let services = SERVICES.iter().flat_map(|(marker, url, revision)| [*marker, *url, *revision]);
    let github = ["GITHUB_ACTIONS", "GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_SHA"];
    ["DD_GIT_REPOSITORY_URL", "DD_GIT_COMMIT_SHA"].into_iter().chain(github).chain(services)
}

impl Vcs {
    /// What variables say; `read` reads one.
    pub(crate) fn of_variables(read: impl Fn(&str) -> Option<String>) -> Self {
        let url = |name, text: Option<String>| {
            text.as_deref().and_then(public_url).map(|url| Set::new(url, Source::Variable(name)))
        };
        let of = |url, name| {
            let revision = read(name).as_deref().and_then(checked_revision);
            Self { url, revision: revision.map(|revision| Set::new(revision, Source::Variable(name))) }
        };
        let own = |name| url(name, read(name));
        let set = of(own("DD_GIT_REPOSITORY_URL"), "DD_GIT_COMMIT_SHA");
        let service = if read("GITHUB_ACTIONS").is_some() {
            let whole = read("GITHUB_SERVER_URL")
                .zip(read("GITHUB_REPOSITORY"))
                .map(|(server, repository)| format!("{server}/{repository}"));
            of(url("GITHUB_REPOSITORY", whole), "GITHUB_SHA")
        } else {
            let service = SERVICES.iter().find(|(marker, ..)| read(marker).is_some());
            service.map_or_else(Self::default, |(_, url, revision)| of(own(url), revision))
        };
        set.or(service)
    }

    /// With what `other` knows, where this does not.
    pub(crate) fn or(self, other: Self) -> Self {
        Self { url: self.url.or(other.url), revision: self.revision.or(other.revision) }
    }
}

/// A commit's whole or shortened hash.
pub(crate) fn checked_revision(text: &str) -> Option<String> {
    let text = text.trim();
    let good = (7..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    good.then(|| text.to_ascii_lowercase())
}

/// The `https` address of a repository: without who may read it, what follows the path, and `.git`. `None` for a folder on a disk, and
/// for what is no address at all.
pub(crate) fn public_url(text: &str) -> Option<String> {
    let text = text.trim();
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme @ ("https" | "http"), rest)) => (scheme, rest),
        Some(("ssh" | "git" | "git+ssh" | "git+https", rest)) => ("https", rest),
        Some(_) => return None,
        // As `ssh` has it: `git@host:owner/name`.
        None => {
            let (host, path) = text.split_once(':')?;
            // A drive's letter is no host.
            if host.len() < 2 || host.contains('/') {
                return None;
            }
            return address("https", host, path.trim_start_matches('/'));
        }
    };
    let (host, path) = rest.split_once('/')?;
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    // The port of ssh is none of the web's.
    let host =
        if text.starts_with("http") { host } else { host.rsplit_once(':').map_or(host, |(host, _)| host) };
    address(scheme, host, path)
}

fn address(scheme: &str, host: &str, path: &str) -> Option<String> {
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let path = path.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    let good = |text: &str| {
        !text.is_empty()
            && !text.contains(|letter: char| letter.is_whitespace() || letter.is_control() || letter == '@')
    };
    (good(host) && good(path)).then(|| format!("{scheme}://{host}/{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_no_credentials() {
        for text in [
            "https://github.com/acme/shop",
            "https://github.com/acme/shop.git",
            "https://user:canary@github.com/acme/shop.git",
            "https://canary@github.com/acme/shop/",
            "https://github.com/acme/shop.git?token=canary#canary",
            "git@github.com:acme/shop.git",
            "ssh://git@github.com:22/acme/shop.git",
            "git+ssh://git:canary@github.com/acme/shop",
            " git://github.com/acme/shop\n",
        ] {
            assert_eq!(public_url(text).as_deref(), Some("https://github.com/acme/shop"), "{text}");
        }
        assert_eq!(public_url("http://git.local:3000/a/b").as_deref(), Some("http://git.local:3000/a/b"));
    }

    #[test]
    fn what_is_no_address_is_left_out() {
        for text in [
            "",
            "/srv/git/shop",
            "C:\\shop",
            "file:///srv/git",
            "https://",
            "https://host",
            "../shop",
            "a b:c",
            "https://a@b@/c@d",
        ] {
            assert_eq!(public_url(text), None, "{text}");
        }
    }

    #[test]
    fn a_revision_is_a_hash() {
        assert_eq!(checked_revision(" 0123ABCDEF\n").as_deref(), Some("0123abcdef"));
        for text in ["HEAD", "main", "", "123", "0123abcdeg"] {
            assert_eq!(checked_revision(text), None, "{text}");
        }
    }

    fn of(variables: &[(&str, &str)]) -> (Option<String>, Option<String>) {
        let read =
            |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        let vcs = Vcs::of_variables(read);
        (vcs.url.map(|set| set.value), vcs.revision.map(|set| set.value))
    }

    #[test]
    fn each_service_says_both() {
        const SHA: &str = "0123456789abcdef0123456789abcdef01234567";
        let both = (Some("https://example.com/acme/shop".to_owned()), Some(SHA.to_owned()));
        for (marker, url, revision) in SERVICES {
            let set = [(*marker, "true"), (*url, "https://u:p@example.com/acme/shop.git"), (*revision, SHA)];
            // A marker that is the revision itself has its value.
            let set: Vec<_> =
                set.into_iter().filter(|(name, value)| name != revision || *value == SHA).collect();
            assert_eq!(of(&set), both, "{marker}");
        }
        let github = [
            ("GITHUB_ACTIONS", "true"),
            ("GITHUB_SERVER_URL", "https://example.com"),
            ("GITHUB_REPOSITORY", "acme/shop"),
            ("GITHUB_SHA", SHA),
        ];
        assert_eq!(of(&github), both);
        // Without its marker a name may be anybody's.
        assert_eq!(of(&[("GIT_URL", "https://example.com/a/b"), ("GIT_COMMIT", SHA)]), (None, None));
    }

    #[test]
    fn datadogs_variables_count_before_a_services() {
        let found = of(&[
            ("GITLAB_CI", "1"),
            ("CI_PROJECT_URL", "https://a.example/x/y"),
            ("CI_COMMIT_SHA", "aaaaaaa"),
            ("DD_GIT_COMMIT_SHA", "bbbbbbb"),
        ]);
        assert_eq!(found, (Some("https://a.example/x/y".to_owned()), Some("bbbbbbb".to_owned())));
    }
}
