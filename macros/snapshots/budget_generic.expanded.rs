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
    let (__span, __session) = ::wirespan::__private::SyncSpan::enter_capturing(
        &__CALLSITE,
        ::wirespan::__private::name_of(&|| ()),
    );
    let __result = ::wirespan::__private::call(move || -> T {
        {
            let mut __session = __session;
            if let ::core::option::Option::Some(mut __attributes) = __session
                .attributes()
            {
                let __out = &mut __attributes;
                ::wirespan::__private::value(&::wirespan::__private::peek(&value).peek())
                    .record(
                        __out,
                        const {
                            &::wirespan::__private::Key {
                                framed: *b"J\0\n\x0Fparameter.value\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
                                len: 21,
                                encoded: b"\n\x0Fparameter.value",
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
        let value = value;
        let __result: T = match () {
            () => value,
        };
        #[allow(unreachable_code, clippy::needless_return)] return __result;
    });
    {
        ::wirespan::__private::outcome(&__result).finish(__span);
    }
    #[allow(unreachable_code, clippy::needless_return)] return __result;
}
