//! The names of a span, from what rustc calls a type: the function's own, and its path.
//!
//! A macro knows neither the module nor the type that a function stands in. A type's name does: `Self`'s for a method, and for any
//! other function that of the closure which holds its body.

use crate::capture::type_name;

/// The names of one instance of a call site.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Names {
    /// The span's name: `Type::method`, or the function's name.
    pub(crate) span: String,
    /// `code.function.name`: the path to the function.
    pub(crate) qualified: String,
}

impl Names {
    pub(super) fn of_method(self_type: &str, function: &str) -> Self {
        Self {
            span: format!("{}::{function}", type_name::short(self_type)),
            qualified: format!("{}::{function}", self_type.replace("{{closure}}::", "")),
        }
    }

    /// From the type name of a closure in the function's body, as rustc prints it: `a::b::f::{{closure}}`,
    /// `a::b::Type<T>::f::{{closure}}` or `<a::Type as b::Trait>::f::{{closure}}`.
    pub(super) fn of_enclosing(closure: &str, module: &str) -> Self {
        let mut path = closure;
        while let Some(outer) = path.strip_suffix("::{{closure}}") {
            path = outer;
        }
        Self::of_body(closure, module, type_name::last_segment(path))
    }

    pub(super) fn of_body(closure: &str, module: &str, function: &str) -> Self {
        let mut path = closure;
        while let Some(outer) = path.strip_suffix("::{{closure}}") {
            path = outer;
        }
        let owner = path
            .strip_suffix(function.strip_prefix("r#").unwrap_or(function))
            .and_then(|path| path.strip_suffix("::"));
        let Some(owner) = owner else {
            return Self { span: function.to_owned(), qualified: format!("{module}::{function}") };
        };
        if let Some(implementor) = owner.strip_prefix('<').and_then(|o| o.split_once(" as ")).map(|(t, _)| t)
        {
            return Self::of_method(implementor, function);
        }
        // A type's name starts with a capital; a function or a module does not, by every convention.
        let last = type_name::last_segment(owner);
        if last.starts_with(char::is_uppercase) {
            return Self::of_method(owner, function);
        }
        // The body of a traced function is a closure; what is declared in it has a path through that.
        Self { span: function.to_owned(), qualified: path.replace("{{closure}}::", "") }
    }
}

#[cfg(test)]
mod tests {
    use super::Names;

    fn body(closure: &str) -> (String, String) {
        let names = Names::of_body(closure, "a::b", "f");
        (names.span, names.qualified)
    }

    #[test]
    fn a_free_function_is_named_by_itself() {
        assert_eq!(body("a::b::f::{{closure}}"), ("f".into(), "a::b::f".into()));
        assert_eq!(body("a::b::outer::f::{{closure}}"), ("f".into(), "a::b::outer::f".into()));
    }

    #[test]
    fn an_associated_function_is_named_with_its_type() {
        assert_eq!(body("a::b::Store<a::User>::f::{{closure}}").0, "Store<User>::f");
        assert_eq!(
            body("<a::b::Store as a::Get>::f::{{closure}}::{{closure}}"),
            ("Store::f".into(), "a::b::Store::f".into())
        );
    }

    #[test]
    fn what_is_declared_in_a_traced_function_has_the_path_that_is_written() {
        assert_eq!(body("a::b::outer::{{closure}}::{{closure}}::f::{{closure}}").1, "a::b::outer::f");
        assert_eq!(Names::of_method("a::outer::{{closure}}::Local", "get").qualified, "a::outer::Local::get");
    }

    #[test]
    fn a_method_is_named_with_its_concrete_type() {
        let names = Names::of_method("a::b::Store<alloc::string::String>", "get");
        assert_eq!(names.span, "Store<String>::get");
    }
}
