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
        ::wirespan::__private::name_of(&|| ()),
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
            {
                let mut __session = __session;
                if let ::core::option::Option::Some(mut __attributes) = __session
                    .attributes()
                {
                    let __out = &mut __attributes;
                    ::wirespan::__private::value(
                            &::wirespan::__private::peek(&id).peek(),
                        )
                        .record(
                            __out,
                            const {
                                &::wirespan::__private::Key {
                                    framed: *b"J\0\n\x0Cparameter.id\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
                                    len: 18,
                                    encoded: b"\n\x0Cparameter.id",
                                }
                            },
                        );
                }
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
