//! Finds the file, and keeps what it says for the expansions that follow.
//!
//! A compiler process expands one crate and ends; a language server stays, and looks again when a second has passed. There the
//! file is read again only when its time of change is another one.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use super::Policy;
use super::mistake::Mistake;
use super::read;

/// The name of the file.
const NAME: &str = "wirespan.toml";
/// How long what was found counts without looking again.
const FRESH: Duration = Duration::from_secs(1);

/// What an expansion is told.
#[derive(Default)]
pub(super) struct Found {
    pub(super) policy: Policy,
    /// Those that were not reported before.
    pub(super) mistakes: Vec<Mistake>,
    /// The path of the file, where the crate does not depend on it yet.
    pub(super) untracked: Option<String>,
}

/// What is known of one crate's policy.
struct Known {
    directory: PathBuf,
    /// The file, and when it was changed.
    file: Option<(PathBuf, Option<SystemTime>)>,
    policy: Policy,
    looked: Instant,
}

static KNOWN: Mutex<Vec<Known>> = Mutex::new(Vec::new());

/// The policy of the crate in `directory`.
pub(super) fn find(directory: &Path) -> Found {
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let mut tracked = false;
    if let Some(same) = known.iter_mut().find(|known| known.directory == directory) {
        let fresh = same.looked.elapsed() < FRESH;
        if fresh || same.file == nearest(directory) {
            if !fresh {
                same.looked = Instant::now();
            }
            return Found { policy: same.policy.clone(), ..Found::default() };
        }
        tracked = true;
    }
    known.retain(|known| known.directory != directory);
    let file = nearest(directory);
    let (policy, mistakes) = file.as_ref().map_or_else(Default::default, |(path, _)| load(path, directory));
    let untracked = file.as_ref().filter(|_| !tracked).and_then(|(path, _)| path.to_str().map(str::to_owned));
    let looked = Instant::now();
    known.push(Known { directory: directory.to_owned(), file, policy: policy.clone(), looked });
    Found { policy, mistakes, untracked }
}

/// The nearest file, from the crate upward.
fn nearest(directory: &Path) -> Option<(PathBuf, Option<SystemTime>)> {
    directory.ancestors().find_map(|ancestor| {
        let path = ancestor.join(NAME);
        let metadata = fs::metadata(&path).ok().filter(fs::Metadata::is_file)?;
        Some((path, metadata.modified().ok()))
    })
}

fn load(path: &Path, directory: &Path) -> (Policy, Vec<Mistake>) {
    let up = directory.ancestors().take_while(|ancestor| Some(*ancestor) != path.parent()).count();
    let shown = format!("{}{NAME}", "../".repeat(up));
    match fs::read_to_string(path) {
        Ok(text) => read::read(&text, &shown),
        Err(error) => {
            let mistake = Mistake {
                at: shown,
                wrong: format!("the policy cannot be read: {error}"),
                help: "write it as TOML in UTF-8, readable for the compiler, or remove it".to_owned(),
            };
            (Policy::default(), vec![mistake])
        }
    }
}
