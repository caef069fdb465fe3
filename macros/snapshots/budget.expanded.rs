fn budget(id: u64, count: u32) -> u64 {
    ::wirespan::__private::callsite! {
        __CALLSITE = ::wirespan::__private::Source { function : "budget", module :
        ::core::module_path!(), file : ::core::file!(), line : ::core::line!(), package :
        ::core::option_env!("CARGO_PKG_NAME"), version :
        ::core::option_env!("CARGO_PKG_VERSION"), }; ::wirespan::__private::Options {
        name : ::core::option::Option::None, kind :
        ::wirespan::__private::Kind::Internal, level :
        ::wirespan::__private::Level::Info, receiver : false, parameters :
        "=id\0=count\0", max_value : 1024, max_span : 1024, cancel :
        ::wirespan::__private::Cancel::Unset, }
    }
    const _: () = ::wirespan::__private::assert_budget(
        "budget",
        1024,
        &[
            ::wirespan::__private::attribute_bound(
                b"\n\x0Cparameter.id".len(),
                ::wirespan::__private::bound_of!(u64),
                2097152,
            ),
            ::wirespan::__private::attribute_bound(
                b"\n\x0Fparameter.count".len(),
                ::wirespan::__private::bound_of!(u32),
                2097152,
            ),
        ],
    );
    let (__span, __result) = ::wirespan::__private::in_span(
        &__CALLSITE,
        true,
        move |__session| -> u64 {
            if let ::core::option::Option::Some(__out) = &mut { __session }.attributes()
            {
                ::wirespan::__private::peek(&id)
                    .record(
                        __out,
                        b"J\0\n\x0Cparameter.id\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x12",
                    );
                ::wirespan::__private::peek(&count)
                    .record(
                        __out,
                        b"J\0\n\x0Fparameter.count\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x15",
                    );
            }
            #[allow(
                clippy::redundant_locals,
                clippy::shadow_same,
                clippy::shadow_reuse,
                clippy::shadow_unrelated,
                clippy::let_unit_value
            )]
            let (id, count) = (id, count);
            let __result: u64 = match () {
                () => id + u64::from(count),
            };
            #[allow(unreachable_code, clippy::needless_return)] return __result;
        },
    );
    {
        ::wirespan::__private::outcome(&__result).finish(__span);
    }
    #[allow(unreachable_code, clippy::needless_return)] return __result;
}
