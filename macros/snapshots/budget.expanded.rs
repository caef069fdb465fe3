fn budget(id: u64, count: u32) -> u64 {
    ::wirespan::__private::callsite! {
        __CALLSITE = "budget", ::core::line!(), "=id\0=count\0"; .limited(1024, 1024)
    }
    const _: () = ::wirespan::__private::assert_budget(
        "budget",
        1024,
        &[
            ::wirespan::__private::attribute_bound(
                b"\n\x0Cparameter.id".len(),
                ::wirespan::__private::bound_of!(u64),
                2097152,
            ),
            ::wirespan::__private::attribute_bound(
                b"\n\x0Fparameter.count".len(),
                ::wirespan::__private::bound_of!(u32),
                2097152,
            ),
        ],
    );
    let mut __span = ::wirespan::__private::SyncSpan::OFF;
    let __result = ::wirespan::__private::in_span(
        &mut __span,
        &__CALLSITE,
        true,
        move |__session| -> u64 {
            if let ::core::option::Option::Some(mut __all) = __session.attributes() {
                let __out = &mut __all;
                ::wirespan::__private::Peek {
                    of: &id,
                }
                    .record(
                        __out,
                        b"J\0\n\x0Cparameter.id\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x12",
                    );
                ::wirespan::__private::Peek {
                    of: &count,
                }
                    .record(
                        __out,
                        b"J\0\n\x0Fparameter.count\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x15",
                    );
                __all.done();
            }
            #[allow(clippy::shadow_reuse)]
            let (id, count) = (id, count);
            match () {
                () => id + u64::from(count),
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
