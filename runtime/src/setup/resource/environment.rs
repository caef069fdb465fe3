//! One spelling for each deployment environment, and which of them is production.
//!
//! `dev`, `staging`, `test` and `production`; whatever else is written in lower case. OpenTelemetry's conventions name `production` and
//! `staging`; `dev` is how the system that this one succeeds spells it, and its dashboards.

/// The environment in its one spelling; `None` for an empty one.
pub(crate) fn normalised(name: &str) -> Option<String> {
    let name = name.trim().to_lowercase();
    Some(match &*name {
        "" => return None,
        "development" => "dev".to_owned(),
        "stage" => "staging".to_owned(),
        "testing" => "test".to_owned(),
        "prod" => "production".to_owned(),
        _ => name,
    })
}

/// Whether that is production.
pub(super) fn is_production(normalised: &str) -> bool {
    normalised.split(['-', '_', '.', '/']).any(|word| matches!(word, "prod" | "production" | "live"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_one_spelling() {
        for (name, expected) in [
            ("DEV", Some("dev")),
            ("Development", Some("dev")),
            (" STAGING ", Some("staging")),
            ("PROD", Some("production")),
            ("PRODUCTION", Some("production")),
            ("Canary-EU", Some("canary-eu")),
            (" ", None),
        ] {
            assert_eq!(normalised(name).as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn production_has_many_names() {
        for name in ["production", "prod-eu", "eu.prod", "live"] {
            assert!(is_production(name), "{name}");
        }
        for name in ["dev", "product", "preprod", "staging"] {
            assert!(!is_production(name), "{name}");
        }
    }
}
