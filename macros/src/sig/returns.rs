//! What a plain function gives back, by its return type: a value, a future or a stream.
//!
//! Only the type's tokens are looked at, never the body: `impl Future`, `Pin<Box<dyn Future>>`, `Box<dyn Future>`, the names
//! `BoxFuture` and `LocalBoxFuture`, and the same with streams, under any path. An alias of another name is told by the option
//! `returns`.

use proc_macro2::Ident;
use syn::{GenericArgument, Path, PathArguments, ReturnType, Type, TypeParamBound};

/// What a call gives back.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Returned {
    /// Something that is there when the call returns.
    Value,
    Future(Held),
    Stream(Held),
}

/// How a future or a stream is held.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Held {
    /// `impl Future`: any type will do.
    Opaque,
    /// In a pinned box.
    Pinned,
    /// In a box that can be moved: `Box<dyn Future + Unpin>`.
    Boxed,
}

impl Returned {
    /// What `output` says.
    pub(crate) fn read(output: &ReturnType) -> Self {
        match output {
            ReturnType::Default => Self::Value,
            ReturnType::Type(_, ty) => of_type(ty),
        }
    }
}

fn of_type(ty: &Type) -> Returned {
    match ty {
        Type::ImplTrait(of) => of_bounds(of.bounds.iter(), Held::Opaque),
        Type::Paren(inner) => of_type(&inner.elem),
        Type::Group(inner) => of_type(&inner.elem),
        Type::Path(path) if path.qself.is_none() => of_path(&path.path),
        _ => Returned::Value,
    }
}

fn of_path(path: &Path) -> Returned {
    let Some(last) = path.segments.last() else { return Returned::Value };
    match last.ident.to_string().as_str() {
        "BoxFuture" | "LocalBoxFuture" => Returned::Future(Held::Pinned),
        "BoxStream" | "LocalBoxStream" => Returned::Stream(Held::Pinned),
        "Pin" => match only_type(&last.arguments) {
            Some(Type::Path(inner)) => of_box(&inner.path, Held::Pinned),
            _ => Returned::Value,
        },
        "Box" => of_box(path, Held::Boxed),
        _ => Returned::Value,
    }
}

/// `Box<dyn Future>`.
fn of_box(path: &Path, held: Held) -> Returned {
    let Some(last) = path.segments.last().filter(|last| last.ident == "Box") else { return Returned::Value };
    match only_type(&last.arguments) {
        Some(Type::TraitObject(of)) => of_bounds(of.bounds.iter(), held),
        Some(Type::Paren(inner)) => match inner.elem.as_ref() {
            Type::TraitObject(of) => of_bounds(of.bounds.iter(), held),
            _ => Returned::Value,
        },
        _ => Returned::Value,
    }
}

/// The first type among generic arguments.
fn only_type(arguments: &PathArguments) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(Type::Group(inner)) => Some(inner.elem.as_ref()),
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

fn of_bounds<'a>(bounds: impl Iterator<Item = &'a TypeParamBound>, held: Held) -> Returned {
    for bound in bounds {
        let TypeParamBound::Trait(bound) = bound else { continue };
        let Some(last) = bound.path.segments.last() else { continue };
        match last.ident.to_string().as_str() {
            "Future" => return Returned::Future(held),
            "Stream" => return Returned::Stream(held),
            _ => {}
        }
    }
    Returned::Value
}

/// What an `impl Future` or `impl Stream` is besides, and a wrapper around it is not: any trait but those that a wrapper has as
/// well.
pub(crate) fn also(output: &ReturnType) -> Option<&Ident> {
    const KEPT: [&str; 7] = ["Future", "Stream", "Send", "Sync", "Unpin", "UnwindSafe", "RefUnwindSafe"];
    let ReturnType::Type(_, ty) = output else { return None };
    let Type::ImplTrait(of) = ty.as_ref() else { return None };
    of.bounds
        .iter()
        .filter_map(|bound| match bound {
            TypeParamBound::Trait(bound) => bound.path.segments.last(),
            _ => None,
        })
        .map(|last| &last.ident)
        .find(|name| !KEPT.iter().any(|kept| *name == kept))
}

#[cfg(test)]
mod tests {
    use super::{Held, Returned, also};

    fn read(output: &str) -> Returned {
        Returned::read(&syn::parse_str(output).unwrap())
    }

    #[test]
    fn futures_are_known_by_any_of_their_names() {
        for output in ["-> impl Future<Output = u8>", "-> impl Send + core::future::Future<Output = u8> + 'a"]
        {
            assert!(read(output) == Returned::Future(Held::Opaque), "{output}");
        }
        for output in [
            "-> Pin<Box<dyn Future<Output = u8> + Send + 'a>>",
            "-> ::core::pin::Pin<::std::boxed::Box<dyn ::core::future::Future<Output = u8>>>",
            "-> Pin<Box<(dyn Future<Output = u8> + Send)>>",
            "-> futures::future::BoxFuture<'static, u8>",
            "-> LocalBoxFuture<'_, u8>",
        ] {
            assert!(read(output) == Returned::Future(Held::Pinned), "{output}");
        }
        assert!(read("-> Box<dyn Future<Output = u8> + Unpin>") == Returned::Future(Held::Boxed));
    }

    #[test]
    fn streams_are_known_by_any_of_their_names() {
        assert!(read("-> impl Stream<Item = u8> + Send") == Returned::Stream(Held::Opaque));
        assert!(read("-> Pin<Box<dyn futures_core::Stream<Item = u8>>>") == Returned::Stream(Held::Pinned));
        assert!(read("-> BoxStream<'a, u8>") == Returned::Stream(Held::Pinned));
    }

    #[test]
    fn what_a_future_is_besides_is_seen() {
        let also = |output: &str| also(&syn::parse_str(output).unwrap()).map(ToString::to_string);
        assert_eq!(also("-> impl Future<Output = u8> + Send + Sync + Unpin + 'a + use<'a>"), None);
        assert_eq!(also("-> Pin<Box<dyn Future<Output = u8> + Send>>"), None);
        assert_eq!(also("-> impl Future + futures::FusedFuture").as_deref(), Some("FusedFuture"));
        assert_eq!(also("-> impl Clone + Stream<Item = u8>").as_deref(), Some("Clone"));
    }

    #[test]
    fn what_only_holds_a_future_is_a_value() {
        for output in [
            "",
            "-> u8",
            "-> Result<impl Future<Output = u8>, E>",
            "-> Vec<BoxFuture<'static, u8>>",
            "-> &mut dyn Future<Output = u8>",
            "-> impl Fn() -> BoxFuture<'static, u8>",
            "-> impl Iterator<Item = impl Future<Output = u8>>",
            "-> Pin<&mut (dyn Future<Output = u8>)>",
            "-> <T as Service>::Future",
            "-> MyFuture",
        ] {
            assert!(read(output) == Returned::Value, "{output}");
        }
    }
}
