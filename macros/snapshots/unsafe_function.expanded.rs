unsafe fn unsafe_function(r#type: u64) -> u64 {
    ::wirespan::__private::callsite! {
        __CALLSITE = "unsafe_function", ::core::line!(), "=type\0";
    }
    let mut __span = ::wirespan::__private::SyncSpan::OFF;
    let __result = ::wirespan::__private::in_span(
        &mut __span,
        &__CALLSITE,
        true,
        move |__session| -> u64 {
            if let ::core::option::Option::Some(mut __all) = __session.attributes() {
                let __out = &mut __all;
                ::wirespan::__private::Peek {
                    of: &r#type,
                }
                    .record(
                        __out,
                        b"J\0\n\x0Eparameter.type\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x14",
                    );
                __all.done();
            }
            #[allow(clippy::shadow_reuse)]
            let (r#type,) = (r#type,);
            match () {
                () => r#type,
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
