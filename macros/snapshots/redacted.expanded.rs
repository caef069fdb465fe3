fn redacted(user: &str, password: &str) -> bool {
    ::wirespan::__private::callsite! {
        __CALLSITE = "redacted", ::core::line!(), "=user\0!password\0";
    }
    let mut __span = ::wirespan::__private::SyncSpan::OFF;
    let __result = ::wirespan::__private::in_span(
        &mut __span,
        &__CALLSITE,
        true,
        move |__session| -> bool {
            if let ::core::option::Option::Some(mut __all) = __session.attributes() {
                let __out = &mut __all;
                ::wirespan::__private::Value {
                    of: &{ user },
                }
                    .record(
                        __out,
                        b"J\0\n\x0Eparameter.user\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x14",
                    );
                __all.done();
            }
            #[allow(clippy::shadow_reuse)]
            let (user, password) = (user, password);
            match () {
                () => check(user, password),
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
