//! `${NAME}`, `${env:NAME}` and `${NAME:-default}` in a text, and `$$` for one `$`: the substitution of OpenTelemetry's declarative
//! configuration (configuration/data-model.md). What is put in is not looked at again.

/// What cannot be substituted, in words.
type Problem = String;

/// The text with every reference replaced by what `variable` says; nothing where that says nothing.
///
/// # Errors
///
/// A reference that is none.
pub(super) fn substitute(
    text: &str,
    variable: &dyn Fn(&str) -> Result<Option<String>, Problem>,
) -> Result<String, Problem> {
    let mut out = String::with_capacity(text.len());
    // No reference goes across an escaped dollar.
    for (index, part) in text.split("$$").enumerate() {
        if index > 0 {
            out.push('$');
        }
        replace(&mut out, part, variable)?;
    }
    Ok(out)
}

fn replace(
    out: &mut String,
    mut rest: &str,
    variable: &dyn Fn(&str) -> Result<Option<String>, Problem>,
) -> Result<(), Problem> {
    while let Some((before, after)) = rest.split_once("${") {
        // Without an end, or with nothing in it, it is text.
        let Some((reference, behind)) = after.split_once('}').filter(|(reference, _)| !reference.is_empty())
        else {
            break;
        };
        out.push_str(before);
        let (name, default) = parse(reference)?;
        let value = variable(name)?.filter(|value| !value.is_empty());
        out.push_str(value.as_deref().unwrap_or(default));
        rest = behind;
    }
    out.push_str(rest);
    Ok(())
}

/// The name and the default of what stands in braces.
fn parse(reference: &str) -> Result<(&str, &str), Problem> {
    let wrong = || {
        format!(
            "`${{{reference}}}` refers to no variable; expected `${{NAME}}`, `${{NAME:-default}}` or, for a dollar, `$$`"
        )
    };
    let reference = reference.strip_prefix("env:").unwrap_or(reference);
    let end = reference.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    let (name, rest) = reference.split_at(end.unwrap_or(reference.len()));
    let begins_well = name.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_');
    match rest.strip_prefix(":-") {
        Some(default) if begins_well && !default.contains('\n') => Ok((name, default)),
        None if begins_well && rest.is_empty() => Ok((name, "")),
        _ => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<String, Problem> {
        let set = [
            ("STRING_VALUE", "value"),
            ("FLOAT_VALUE", "1.1"),
            ("INVALID_MAP_VALUE", "value\nkey:value"),
            ("REPLACE_ME", "${DO_NOT_REPLACE_ME}"),
            ("DO_NOT_REPLACE_ME", "Never use this value"),
            ("VALUE_WITH_ESCAPE", "value$$"),
            ("EMPTY", ""),
        ];
        let find =
            |name: &str| set.iter().find(|(other, _)| *other == name).map(|(_, value)| (*value).to_owned());
        substitute(text, &|name| Ok(find(name)))
    }

    /// The table of the specification.
    #[test]
    fn references_are_replaced_as_the_specification_shows() {
        for (text, expected) in [
            ("${STRING_VALUE}", "value"),
            ("${env:STRING_VALUE}", "value"),
            ("${INVALID_MAP_VALUE}", "value\nkey:value"),
            ("foo ${STRING_VALUE} ${FLOAT_VALUE}", "foo value 1.1"),
            ("${UNDEFINED_KEY}", ""),
            ("${UNDEFINED_KEY:-fallback}", "fallback"),
            ("${EMPTY:-fallback}", "fallback"),
            ("${REPLACE_ME}", "${DO_NOT_REPLACE_ME}"),
            ("${UNDEFINED_KEY:-${STRING_VALUE}}", "${STRING_VALUE}"),
            ("$${STRING_VALUE}", "${STRING_VALUE}"),
            ("$$${STRING_VALUE}", "$value"),
            ("$$$${STRING_VALUE}", "$${STRING_VALUE}"),
            ("$${STRING_VALUE:-fallback}", "${STRING_VALUE:-fallback}"),
            ("$${STRING_VALUE:-${STRING_VALUE}}", "${STRING_VALUE:-value}"),
            ("${UNDEFINED_KEY:-$${UNDEFINED_KEY}}", "${UNDEFINED_KEY:-${UNDEFINED_KEY}}"),
            ("${VALUE_WITH_ESCAPE}", "value$$"),
            ("a $$ b", "a $ b"),
            ("a $ b", "a $ b"),
            ("${", "${"),
            ("${}", "${}"),
        ] {
            assert_eq!(of(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_refers_to_no_variable_is_an_error() {
        for text in
            ["${STRING_VALUE:?error}", "${1API_KEY}", "${API_$KEY}", "${sys:name}", "${A B}", "${:-a}"]
        {
            let problem = of(text).expect_err(text);
            assert!(problem.contains("refers to no variable"), "{problem}");
        }
    }
}
