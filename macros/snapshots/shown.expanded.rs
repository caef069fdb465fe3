fn shown(token: &str, row: Row, key: Key) -> u64 {
    ::wirespan::__private::callsite! {
        __CALLSITE = ::wirespan::__private::Source { function : "shown", module :
        ::core::module_path!(), file : ::core::file!(), line : ::core::line!(), package :
        ::core::option_env!("CARGO_PKG_NAME"), version :
        ::core::option_env!("CARGO_PKG_VERSION"), }; ::wirespan::__private::Options {
        name : ::core::option::Option::None, kind :
        ::wirespan::__private::Kind::Internal, level :
        ::wirespan::__private::Level::Info, receiver : false, parameters :
        "=token\0=row\0=key\0.return\0", max_value : 2097152, max_span : 4194304, cancel
        : ::wirespan::__private::Cancel::Unset, }
    }
    let (__span, __result) = ::wirespan::__private::in_span(
        &__CALLSITE,
        true,
        move |__session| -> u64 {
            if let ::core::option::Option::Some(__out) = &mut { __session }.attributes()
            {
                ::wirespan::__private::value(&{ token })
                    .record_named(
                        __out,
                        b"J\0\n\x0Fparameter.token\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x15",
                    );
                ::wirespan::__private::debug(
                    __out,
                    b"J\0\n\rparameter.row\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x13",
                    &row,
                );
                ::wirespan::__private::display(
                    __out,
                    b"J\0\n\rparameter.key\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x13",
                    &key,
                );
            }
            #[allow(
                clippy::redundant_locals,
                clippy::shadow_same,
                clippy::shadow_reuse,
                clippy::shadow_unrelated,
                clippy::let_unit_value
            )]
            let (token, row, key) = (token, row, key);
            let __result: u64 = match () {
                () => work(token, row, key),
            };
            #[allow(unreachable_code, clippy::needless_return)] return __result;
        },
    );
    {
        #[allow(unused_mut)]
        let mut __span = __span;
        ::wirespan::__private::EndSpan::attributes(
            &mut __span,
            |__out| {
                if let ::core::option::Option::Some(__value) = ::wirespan::__private::good(
                        &__result,
                    )
                    .value()
                {
                    ::wirespan::__private::value(__value)
                        .record(
                            __out,
                            b"J\0\n\x06return\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x0C",
                        );
                }
            },
        );
        ::wirespan::__private::outcome(&__result).finish(__span);
    }
    #[allow(unreachable_code, clippy::needless_return)] return __result;
}
