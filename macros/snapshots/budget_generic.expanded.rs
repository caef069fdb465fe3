fn budget_generic<T: Capture>(value: T) -> T {
    ::wirespan::__private::callsite! {
        __CALLSITE = "budget_generic", ::core::line!(), "=value\0"; .limited(1024, 1024)
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
    let mut __span = ::wirespan::__private::SyncSpan::OFF;
    let __result = ::wirespan::__private::in_span(
        &mut __span,
        &__CALLSITE,
        true,
        move |__session| -> T {
            if let ::core::option::Option::Some(mut __all) = __session.attributes() {
                let __out = &mut __all;
                ::wirespan::__private::Peek {
                    of: &value,
                }
                    .record(
                        __out,
                        b"J\0\n\x0Fparameter.value\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x15",
                    );
                __all.done();
            }
            #[allow(clippy::shadow_reuse)]
            let (value,) = (value,);
            match () {
                () => value,
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
