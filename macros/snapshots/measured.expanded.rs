fn step(run_id: u64) -> Result<u64, Error> {
    ::wirespan::__private::callsite! {
        __CALLSITE = ::wirespan::__private::Source { function : "step", module :
        ::core::module_path!(), file : ::core::file!(), line : ::core::line!(), package :
        ::core::option_env!("CARGO_PKG_NAME"), version :
        ::core::option_env!("CARGO_PKG_VERSION"), }; ::wirespan::__private::Options {
        name : ::core::option::Option::None, kind :
        ::wirespan::__private::Kind::Internal, level :
        ::wirespan::__private::Level::Info, receiver : false, parameters : "=run_id\0",
        max_value : 2097152, max_span : 4194304, cancel :
        ::wirespan::__private::Cancel::Unset, }; ::wirespan::__private::site!()
    }
    let (__span, __result) = {
        let __subject: ::wirespan::__private::Subject = ::wirespan::__private::name_of(
            &|| (),
        );
        let (__span, __session) = ::wirespan::__private::SyncSpan::enter_capturing(
            &__CALLSITE,
            __subject,
        );
        let __span = ::wirespan::__private::Measured::begin(
            &__CALLSITE,
            __subject,
            __span,
        );
        (
            __span,
            ::wirespan::__private::call(move || -> Result<u64, Error> {
                if let ::core::option::Option::Some(__out) = &mut { __session }
                    .attributes()
                {
                    ::wirespan::__private::peek(&run_id)
                        .record(
                            __out,
                            b"J\0\n\x10parameter.run_id\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x16",
                        );
                }
                #[allow(
                    clippy::redundant_locals,
                    clippy::shadow_same,
                    clippy::shadow_reuse,
                    clippy::shadow_unrelated,
                    clippy::let_unit_value
                )]
                let run_id = run_id;
                let __result: Result<u64, Error> = match () {
                    () => work(run_id),
                };
                #[allow(unreachable_code, clippy::needless_return)] return __result;
            }),
        )
    };
    {
        ::wirespan::__private::outcome(&__result).finish(__span);
    }
    #[allow(unreachable_code, clippy::needless_return)] return __result;
}
fn wait(run_id: u64) -> impl ::core::future::Future<Output = u64> {
    ::wirespan::__private::callsite! {
        __CALLSITE = ::wirespan::__private::Source { function : "wait", module :
        ::core::module_path!(), file : ::core::file!(), line : ::core::line!(), package :
        ::core::option_env!("CARGO_PKG_NAME"), version :
        ::core::option_env!("CARGO_PKG_VERSION"), }; ::wirespan::__private::Options {
        name : ::core::option::Option::None, kind :
        ::wirespan::__private::Kind::Internal, level :
        ::wirespan::__private::Level::Info, receiver : false, parameters : "_run_id\0",
        max_value : 2097152, max_span : 4194304, cancel :
        ::wirespan::__private::Cancel::Unset, }; ::wirespan::__private::site!()
    }
    #[allow(unreachable_code, clippy::needless_return)]
    return ::wirespan::__private::traced(
        &__CALLSITE,
        false,
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
            #[allow(
                clippy::redundant_locals,
                clippy::shadow_same,
                clippy::shadow_reuse,
                clippy::shadow_unrelated,
                clippy::let_unit_value
            )]
            let run_id = run_id;
            let __result: u64 = match () {
                () => work(run_id).await,
            };
            #[allow(unreachable_code, clippy::needless_return)] return __result;
        },
        |__result, __end| {
            ::wirespan::__private::outcome(__result).finish(__end);
        },
    );
}
