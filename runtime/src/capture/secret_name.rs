//! Which names look like secrets, for names that are known only when the program runs.
//!
//! The words and the rule are those of the macros (`macros/src/secret.rs`, where the judgement is written down), which cannot be
//! called from here: a crate of macros exports nothing else. `tests/tests/context_secrets.rs` compares the two files. What a
//! `wirespan.toml` adds or removes counts only where the macros see the name.

/// Words that make a name a secret.
const WORDS: &[&str] = &[
    "password",
    "passwords",
    "passwd",
    "passphrase",
    "passphrases",
    "passcode",
    "pwd",
    "secret",
    "secrets",
    "token",
    "authorization",
    "auth",
    "bearer",
    "cookie",
    "cookies",
    "credential",
    "credentials",
    "creds",
    "jwt",
    "ssn",
    "otp",
    "totp",
    "cvv",
    "cvc",
];

/// First word of a secret pair, and the second words it goes with.
const PAIRS: &[(&str, &[&str])] = &[
    ("api", &["key", "keys", "tokens"]),
    ("access", &["key", "keys", "tokens"]),
    ("account", &["key"]),
    ("private", &["key", "keys"]),
    ("signing", &["key", "keys"]),
    ("encryption", &["key", "keys"]),
    ("master", &["key", "keys"]),
    ("refresh", &["tokens"]),
    ("session", &["tokens", "key"]),
    ("pass", &["word", "words", "phrase", "code", "key"]),
];

/// Last words that make the name say something *about* the secret.
const ABOUT: &[&str] = &[
    "count", "counts", "limit", "limits", "budget", "usage", "used", "len", "length", "size", "kind", "type",
    "method", "mode", "policy", "provider", "scheme", "ttl", "expiry", "expires", "lifetime", "version",
    "index",
];

/// Whether a name looks like a secret by its words.
pub(crate) fn looks_secret(name: &str) -> bool {
    let words = words(name);
    let mut rest = words.as_slice();
    while let [word, after @ ..] = rest {
        let (is_secret, after) = match after {
            [next, beyond @ ..] if is_pair(word, next) => (true, beyond),
            _ => (is_word(word), after),
        };
        if is_secret && !after.last().is_some_and(|word| ABOUT.contains(&word.as_str())) {
            return true;
        }
        rest = after;
    }
    false
}

fn is_word(word: &str) -> bool {
    WORDS.contains(&word)
        || PAIRS.iter().any(|(first, seconds)| {
            word.strip_prefix(first).is_some_and(|second| !second.is_empty() && seconds.contains(&second))
        })
}

fn is_pair(word: &str, next: &str) -> bool {
    PAIRS.iter().any(|(first, seconds)| *first == word && seconds.contains(&next))
}

/// The lower-case words of a snake-case or camel-case name, without digits at their ends.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let letters: Vec<char> = name.chars().collect();
    for (index, letter) in letters.iter().copied().enumerate() {
        let before = index.checked_sub(1).and_then(|before| letters.get(before)).copied();
        let after = letters.get(index + 1).copied();
        // A hump begins at `aB`, and at the last capital of `HTTPServer`.
        let hump = letter.is_uppercase()
            && (before.is_some_and(|before| before.is_lowercase() || before.is_numeric())
                || (before.is_some_and(char::is_uppercase) && after.is_some_and(char::is_lowercase)));
        if hump || !letter.is_alphanumeric() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| letter.is_alphanumeric()) {
            word.extend(letter.to_lowercase());
        }
    }
    words
        .iter()
        .map(|word| word.trim_end_matches(char::is_numeric).to_owned())
        .filter(|word| !word.is_empty())
        .collect()
}
