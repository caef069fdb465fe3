fn boxed_future(id: u64) -> Pin<Box<dyn Future<Output = u64> + Send>> {
    ::wirespan::__private::callsite! {
        __CALLSITE = ::wirespan::__private::Source { function : "boxed_future", module :
        ::core::module_path!(), file : ::core::file!(), line : ::core::line!(), package :
        ::core::option_env!("CARGO_PKG_NAME"), version :
        ::core::option_env!("CARGO_PKG_VERSION"), }; ::wirespan::__private::Options {
        name : ::core::option::Option::None, kind :
        ::wirespan::__private::Kind::Internal, level :
        ::wirespan::__private::Level::Info, receiver : false, parameters : "=id\0",
        max_value : 2097152, max_span : 4194304, cancel :
        ::wirespan::__private::Cancel::Unset, }
    }
    let (__span, __session) = ::wirespan::__private::SyncSpan::enter_capturing(
        &__CALLSITE,
        ::wirespan::__private::name_of(&|| ()),
    );
    let __result = ::wirespan::__private::call(move || -> Pin<
        Box<dyn Future<Output = u64> + Send>,
    > {
        if let ::core::option::Option::Some(__out) = &mut { __session }.attributes() {
            ::wirespan::__private::peek(&id)
                .record(
                    __out,
                    b"J\0\n\x0Cparameter.id\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x12",
                );
        }
        #[allow(
            clippy::redundant_locals,
            clippy::shadow_same,
            clippy::shadow_reuse,
            clippy::shadow_unrelated,
            clippy::let_unit_value
        )]
        let id = id;
        let __result: Pin<Box<dyn Future<Output = u64> + Send>> = match () {
            () => Box::pin(async move { id }),
        };
        #[allow(unreachable_code, clippy::needless_return)] return __result;
    });
    #[allow(unreachable_code, clippy::needless_return)]
    return if __span.is_off() {
        __result
    } else {
        ::wirespan::__private::pinned(
            ::wirespan::__private::cover(
                __span,
                __result,
                |__result, __end| {
                    ::wirespan::__private::outcome(__result).finish(__end);
                },
            ),
        )
    };
}
