fn plain() {
    ::wirespan::__private::callsite! {
        __CALLSITE = "plain", ::core::line!(), "";
    }
    let mut __span = ::wirespan::__private::SyncSpan::OFF;
    let __result = ::wirespan::__private::in_span(
        &mut __span,
        &__CALLSITE,
        false,
        move |_| -> () {
            match () {
                () => {
                    work();
                }
            }
        },
    );
    {
        ::wirespan::__private::Outcome {
            of: &__result,
        }
            .finish(&mut __span);
    }
    #[allow(unreachable_code)] return __result;
}
