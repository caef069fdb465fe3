fn limits(text: &str) {
    ::wirespan::__private::callsite! {
        __CALLSITE = "limits", ::core::line!(), "=text\0"; .limited(1024, 8192)
    }
    let mut __span = ::wirespan::__private::SyncSpan::OFF;
    let __result = ::wirespan::__private::in_span(
        &mut __span,
        &__CALLSITE,
        true,
        move |__session| -> () {
            if let ::core::option::Option::Some(mut __all) = __session.attributes() {
                let __out = &mut __all;
                ::wirespan::__private::Value {
                    of: &{ text },
                }
                    .record(
                        __out,
                        b"J\0\n\x0Eparameter.text\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x14",
                    );
                __all.done();
            }
            #[allow(clippy::shadow_reuse)]
            let (text,) = (text,);
            match () {
                () => {
                    work(text);
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
