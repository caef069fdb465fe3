async fn never_asynchronous() -> ! {
    ::wirespan::__private::callsite! {
        __CALLSITE = "never_asynchronous", ::core::line!(), "";
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
                #[allow(unreachable_code)] return __result;
            },
        )
        .await;
    match __result {}
}
