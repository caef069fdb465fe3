fn status(id: u64) -> impl ::core::future::Future<Output = Reply> {
    ::wirespan::__private::callsite! {
        __CALLSITE = ::wirespan::__private::Source { function : "status", module :
        ::core::module_path!(), file : ::core::file!(), line : ::core::line!(), package :
        ::core::option_env!("CARGO_PKG_NAME"), version :
        ::core::option_env!("CARGO_PKG_VERSION"), }; ::wirespan::__private::Options {
        name : ::core::option::Option::None, kind :
        ::wirespan::__private::Kind::Internal, level :
        ::wirespan::__private::Level::Info, receiver : false, parameters : "=id\0",
        max_value : 2097152, max_span : 4194304, cancel :
        ::wirespan::__private::Cancel::Unset, }
    }
    #[allow(unreachable_code, clippy::needless_return)]
    return ::wirespan::__private::traced(
        &__CALLSITE,
        true,
        async move {
            #[allow(
                unreachable_code,
                clippy::all,
                clippy::pedantic,
                clippy::restriction,
                clippy::nursery
            )]
            if false {
                let __never: Reply = loop {};
                return __never;
            }
            let __session = ::wirespan::__private::Session::of_body(&__CALLSITE);
            if let ::core::option::Option::Some(__out) = &mut { __session }.attributes()
            {
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
            let __result: Reply = match () {
                () => ask(id).await,
            };
            #[allow(unreachable_code, clippy::needless_return)] return __result;
        },
        |__result, __end| {
            ::wirespan::__private::finish_with_status(__end, || Reply::status(__result));
        },
    );
}
