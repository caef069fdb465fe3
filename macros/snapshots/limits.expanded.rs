fn limits(text: &str) {
    ::wirespan::__private::callsite! {
        __CALLSITE = ::wirespan::__private::Source { function : "limits", module :
        ::core::module_path!(), file : ::core::file!(), line : ::core::line!(), package :
        ::core::option_env!("CARGO_PKG_NAME"), version :
        ::core::option_env!("CARGO_PKG_VERSION"), }; ::wirespan::__private::Options {
        name : ::core::option::Option::None, kind :
        ::wirespan::__private::Kind::Internal, level :
        ::wirespan::__private::Level::Info, receiver : false, parameters : "=text\0",
        max_value : 1024, max_span : 8192, cancel : ::wirespan::__private::Cancel::Unset,
        }
    }
    let (__span, __result) = ::wirespan::__private::in_span(
        &__CALLSITE,
        true,
        move |__session| -> () {
            if let ::core::option::Option::Some(__out) = &mut { __session }.attributes()
            {
                ::wirespan::__private::value(&{ text })
                    .record(
                        __out,
                        b"J\0\n\x0Eparameter.text\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x14",
                    );
            }
            #[allow(
                clippy::redundant_locals,
                clippy::shadow_same,
                clippy::shadow_reuse,
                clippy::shadow_unrelated,
                clippy::let_unit_value
            )]
            let text = text;
            let __result: () = match () {
                () => {
                    work(text);
                }
            };
            #[allow(unreachable_code, clippy::needless_return)] return __result;
        },
    );
    {
        ::wirespan::__private::outcome(&__result).finish(__span);
    }
    #[allow(unreachable_code, clippy::needless_return)] return __result;
}
