//! Fields that would show a secret: by what their value is called, or by their own key.
//!
//! They are those of `fields(…)` and of the macros by hand. A name is all that is known of a value: a variable's, a member's,
//! also behind calls that keep it.

use crate::args::FieldArgs;
use crate::diag::Diags;
use crate::secret::looks_secret;

/// A field that shows something that looks like a secret, if `told` does not say that it is none, or whose key looks like one.
pub(crate) fn reject_secret_field(field: &FieldArgs, told: bool, diags: &mut Diags) {
    let key = &field.key.value;
    let Some(shown) = field.shown.as_ref().filter(|shown| !told && looks_secret(&shown.name.value)) else {
        return reject_secret_key(field, told, diags);
    };
    let (name, path) = (&shown.name.value, &shown.path);
    let wrong = if key == name {
        format!("`{name}` looks like a secret and cannot be recorded")
    } else {
        format!("`{name}` looks like a secret and cannot be recorded as `{key}`")
    };
    // A key that looks like a secret itself would be refused next.
    let about =
        if looks_secret(key) { format!("{name}_len = {path}.len()") } else { format!("{path}.len()") };
    let help = format!("remove the field, or record something about it, like `{about}`");
    diags.report(shown.name.spot, wrong, help);
}

/// A field whose key looks like a secret.
fn reject_secret_key(field: &FieldArgs, told: bool, diags: &mut Diags) {
    let key = &field.key.value;
    if looks_secret(key) && !told && !field.is_literal() {
        let wrong = format!("field `{key}` looks like a secret and cannot be recorded");
        let help = "leave the field out, or give it another name if its value is no secret";
        diags.report(field.key.spot, wrong, help);
    }
}
