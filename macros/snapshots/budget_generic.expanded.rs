fn budget_generic<T: Capture>(value: T) -> T {
    ::wirespan::__private::callsite! {
        __CALLSITE = ::wirespan::__private::Source { function : "budget_generic", module
        : ::core::module_path!(), file : ::core::file!(), line : ::core::line!(), package
        : ::core::option_env!("CARGO_PKG_NAME"), version :
        ::core::option_env!("CARGO_PKG_VERSION"), }; ::wirespan::__private::Options {
        name : ::core::option::Option::None, kind :
        ::wirespan::__private::Kind::Internal, level :
        ::wirespan::__private::Level::Info, receiver : false, parameters : "=value\0",
        max_value : 1024, max_span : 1024, cancel : ::wirespan::__private::Cancel::Unset,
        }
    }
    const {
        ::wirespan::__private::assert_budget(
            "budget_generic",
            1024,
            &[
                ::wirespan::__private::attribute_bound(
                    b"\n\x0Fparameter.value".len(),
                    ::wirespan::__private::bound_of!(T),
                    2097152,
                ),
            ],
        )
    };
    let (__span, __result) = ::wirespan::__private::in_span(
        &__CALLSITE,
        true,
        move |__session| -> T {
            if let ::core::option::Option::Some(__out) = &mut { __session }.attributes()
            {
                ::wirespan::__private::peek(&value)
                    .record(
                        __out,
                        b"J\0\n\x0Fparameter.value\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x15",
                    );
            }
            #[allow(
                clippy::redundant_locals,
                clippy::shadow_same,
                clippy::shadow_reuse,
                clippy::shadow_unrelated,
                clippy::let_unit_value
            )]
            let value = value;
            let __result: T = match () {
                () => value,
            };
            #[allow(unreachable_code, clippy::needless_return)] return __result;
        },
    );
    {
        ::wirespan::__private::outcome(&__result).finish(__span);
    }
    #[allow(unreachable_code, clippy::needless_return)] return __result;
}
