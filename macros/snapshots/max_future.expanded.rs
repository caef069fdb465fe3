fn load(key: u64) -> impl ::core::future::Future<Output = u64> {
    ::wirespan::__private::callsite! {
        __CALLSITE = ::wirespan::__private::Source { function : "load", module :
        ::core::module_path!(), file : ::core::file!(), line : ::core::line!(), package :
        ::core::option_env!("CARGO_PKG_NAME"), version :
        ::core::option_env!("CARGO_PKG_VERSION"), }; ::wirespan::__private::Options {
        name : ::core::option::Option::None, kind :
        ::wirespan::__private::Kind::Internal, level :
        ::wirespan::__private::Level::Info, receiver : false, parameters : "=key\0",
        max_value : 2097152, max_span : 4194304, cancel :
        ::wirespan::__private::Cancel::Unset, }
    }
    #[inline]
    fn __fits<__F>(__future: __F) -> __F {
        const {
            ::wirespan::__private::assert_future(
                "load",
                2048,
                ::core::mem::size_of::<__F>(),
            )
        };
        __future
    }
    #[allow(unreachable_code, clippy::needless_return)]
    return __fits(
        ::wirespan::__private::traced(
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
                    let __never: u64 = loop {};
                    return __never;
                }
                let __session = ::wirespan::__private::Session::of_body(&__CALLSITE);
                if let ::core::option::Option::Some(__out) = &mut { __session }
                    .attributes()
                {
                    ::wirespan::__private::peek(&key)
                        .record(
                            __out,
                            b"J\0\n\rparameter.key\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x13",
                        );
                }
                #[allow(
                    clippy::redundant_locals,
                    clippy::shadow_same,
                    clippy::shadow_reuse,
                    clippy::shadow_unrelated,
                    clippy::let_unit_value
                )]
                let key = key;
                let __result: u64 = match () {
                    () => fetch(key).await,
                };
                #[allow(unreachable_code, clippy::needless_return)] return __result;
            },
            |__result, __end| {
                ::wirespan::__private::outcome(__result).finish(__end);
            },
        ),
    );
}
fn load_later(key: u64) -> impl Future<Output = u64> {
    ::wirespan::__private::callsite! {
        __CALLSITE = ::wirespan::__private::Source { function : "load_later", module :
        ::core::module_path!(), file : ::core::file!(), line : ::core::line!(), package :
        ::core::option_env!("CARGO_PKG_NAME"), version :
        ::core::option_env!("CARGO_PKG_VERSION"), }; ::wirespan::__private::Options {
        name : ::core::option::Option::None, kind :
        ::wirespan::__private::Kind::Internal, level :
        ::wirespan::__private::Level::Info, receiver : false, parameters : "=key\0",
        max_value : 2097152, max_span : 4194304, cancel :
        ::wirespan::__private::Cancel::Unset, }
    }
    #[inline]
    fn __fits<__F>(__future: __F) -> __F {
        const {
            ::wirespan::__private::assert_future(
                "load_later",
                512,
                ::core::mem::size_of::<__F>(),
            )
        };
        __future
    }
    let (__span, __session) = ::wirespan::__private::SyncSpan::enter_capturing(
        &__CALLSITE,
        ::wirespan::__private::name_of(&|| ()),
    );
    let __result = ::wirespan::__private::call(move || -> _ {
        if let ::core::option::Option::Some(__out) = &mut { __session }.attributes() {
            ::wirespan::__private::peek(&key)
                .record(
                    __out,
                    b"J\0\n\rparameter.key\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x13",
                );
        }
        #[allow(
            clippy::redundant_locals,
            clippy::shadow_same,
            clippy::shadow_reuse,
            clippy::shadow_unrelated,
            clippy::let_unit_value
        )]
        let key = key;
        let __result: _ = match () {
            () => load(key),
        };
        #[allow(unreachable_code, clippy::needless_return)] return __result;
    });
    #[allow(unreachable_code, clippy::needless_return)]
    return __fits(
        ::wirespan::__private::cover(
            __span,
            __result,
            |__result, __end| {
                ::wirespan::__private::outcome(__result).finish(__end);
            },
        ),
    );
}
