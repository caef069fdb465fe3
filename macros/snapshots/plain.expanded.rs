fn plain() {
    ::wirespan::__private::callsite! {
        __CALLSITE = "plain", ::core::line!(), "";
    }
    let (__span, __result) = ::wirespan::__private::in_span(
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
            .finish(__span);
    }
    #[allow(unreachable_code)] return __result;
}
