//! Which names look like secrets, judged by the words they are made of.
//!
//! A name is split at `_` and at camel-case humps, and digits at the end of a word are ignored: `userPassword2` has the
//! words `user` and `password`. It looks like a secret when one of its words is in [`WORDS`], or
//! two neighbours are a pair in [`PAIRS`], written together (`apikey`) or apart (`api_key`).
//!
//! Judgement, written down:
//! - `tokens` in the plural is a count of a language model's tokens, unless a pair such as `refresh_tokens` says otherwise.
//! - A name that ends in a word about the secret ([`ABOUT`]) is not the secret: `token_count`, `password_policy`,
//!   `auth_method`. `id` and `hash` are not in that list: `secret_id` and `password_hash` are worth hiding.
//! - `session_id`, `pin` and `salt` are left alone: too often something else.
//! - In doubt a name is a secret: a redacted value can be asked for by renaming the parameter, a leaked one is gone.

use crate::policy;

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

/// Whether a parameter, field or type of this name is never shown: by the workspace's policy, else by its words.
pub(crate) fn looks_secret(name: &str) -> bool {
    let policy = policy::current();
    if policy.redact.removes(name) {
        return false;
    }
    looks_secret_by_default(name)
        || !policy.redact.add.is_empty() && {
            let words = words(name);
            policy.redact.add.iter().any(|added| holds(&words, &self::words(added)))
        }
}

/// Whether one list of words is a part of another.
fn holds(all: &[String], part: &[String]) -> bool {
    !part.is_empty() && all.windows(part.len()).any(|window| window == part)
}

/// Whether there is a word in the name.
pub(crate) fn has_words(name: &str) -> bool {
    !words(name).is_empty()
}

/// Whether a name looks like a secret by its words.
pub(crate) fn looks_secret_by_default(name: &str) -> bool {
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

#[cfg(test)]
mod tests {
    use super::{looks_secret, words};

    #[test]
    fn secrets_are_found_by_their_words() {
        for name in [
            "password",
            "user_password",
            "userPassword",
            "authToken",
            "api_key",
            "apiKey",
            "apikey",
            "API_KEY",
            "private_key",
            "signing_key",
            "authorization",
            "cookie",
            "credentials",
            "db_creds",
            "jwt",
            "token",
            "token2",
            "access_tokens",
            "secret_id",
            "password_hash",
            "HTTPAuthToken",
            "ApiKey",
            "pass_phrase",
            "new_passwd",
        ] {
            assert!(looks_secret(name), "{name}");
        }
    }

    #[test]
    fn words_that_only_contain_one_are_left_alone() {
        for name in [
            "tokens",
            "max_tokens",
            "token_count",
            "tokenizer",
            "author",
            "keyboard",
            "monkey",
            "key",
            "session_id",
            "auth_method",
            "password_policy",
            "pin",
            "salt",
            "api",
            "api_url",
            "tokens_per_second",
            "secretary",
            "",
        ] {
            assert!(!looks_secret(name), "{name}");
        }
    }

    #[test]
    fn names_are_split_at_underscores_and_humps() {
        assert_eq!(words("HTTPServerName_v2"), ["http", "server", "name", "v"]);
    }
}
