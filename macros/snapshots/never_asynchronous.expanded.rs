async fn never_asynchronous() -> ! {
    ::wirespan::__private::callsite! {
        __CALLSITE = ::wirespan::__private::Source { function : "never_asynchronous",
        module : ::core::module_path!(), file : ::core::file!(), line : ::core::line!(),
        package : ::core::option_env!("CARGO_PKG_NAME"), version :
        ::core::option_env!("CARGO_PKG_VERSION"), }; ::wirespan::__private::Options {
        name : ::core::option::Option::None, kind :
        ::wirespan::__private::Kind::Internal, level :
        ::wirespan::__private::Level::Info, receiver : false, parameters : "", max_value
        : 2097152, max_span : 4194304, cancel : ::wirespan::__private::Cancel::Unset, }
    }
    let __span = ::wirespan::__private::SyncSpan::enter(
        &__CALLSITE,
        ::wirespan::__private::name_of(&|| ()),
    );
    let (__result, _) = ::wirespan::__private::run(
            __span,
            async move {
                let __result: ::core::convert::Infallible = match () {
                    () => forever().await,
                };
                #[allow(unreachable_code, clippy::needless_return)] return __result;
            },
        )
        .await;
    match __result {}
}
