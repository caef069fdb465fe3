fn shown(token: &str, row: Row, key: Key) -> u64 {
    ::wirespan::__private::callsite! {
        __CALLSITE = "shown", ::core::line!(), "=token\0=row\0=key\0.return\0";
    }
    let mut __span = ::wirespan::__private::SyncSpan::OFF;
    let __result = ::wirespan::__private::in_span(
        &mut __span,
        &__CALLSITE,
        true,
        move |__session| -> u64 {
            if let ::core::option::Option::Some(mut __all) = __session.attributes() {
                let __out = &mut __all;
                ::wirespan::__private::Value {
                    of: &{ token },
                }
                    .record_named(
                        __out,
                        b"J\0\n\x0Fparameter.token\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x15",
                    );
                ::wirespan::__private::debug(
                    __out,
                    b"J\0\n\rparameter.row\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x13",
                    &row,
                );
                ::wirespan::__private::display(
                    __out,
                    b"J\0\n\rparameter.key\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x13",
                    &key,
                );
                __all.done();
            }
            #[allow(clippy::shadow_reuse)]
            let (token, row, key) = (token, row, key);
            match () {
                () => work(token, row, key),
            }
        },
    );
    {
        let mut __open = &mut __span;
        ::wirespan::__private::EndSpan::attributes(
            &mut __open,
            |__out| {
                if let ::core::option::Option::Some(__value) = (::wirespan::__private::Good {
                    of: &__result,
                })
                    .value()
                {
                    ::wirespan::__private::Value {
                        of: __value,
                    }
                        .record(
                            __out,
                            b"J\0\n\x06return\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x0C",
                        );
                }
            },
        );
        ::wirespan::__private::Outcome {
            of: &__result,
        }
            .finish(__open);
    }
    #[allow(unreachable_code)] return __result;
}
