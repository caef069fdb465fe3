fn plain() {
    ::wirespan::__private::callsite! {
        __CALLSITE = ::wirespan::__private::Source { function : "plain", module :
        ::core::module_path!(), file : ::core::file!(), line : ::core::line!(), package :
        ::core::option_env!("CARGO_PKG_NAME"), version :
        ::core::option_env!("CARGO_PKG_VERSION"), }; ::wirespan::__private::Options {
        name : ::core::option::Option::None, kind :
        ::wirespan::__private::Kind::Internal, level :
        ::wirespan::__private::Level::Info, receiver : false, parameters : "", max_value
        : 2097152, max_span : 4194304, cancel : ::wirespan::__private::Cancel::Unset, }
    }
    let (__span, __result) = ::wirespan::__private::in_span(
        &__CALLSITE,
        false,
        move |_| -> () {
            let __result: () = match () {
                () => {
                    work();
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
