/// Its documentation stays, and what stands inside, too.
#[inline]
#[must_use]
pub fn attributes(#[cfg(unix)] id: u64) -> u64 {
    #![allow(unused)]
    ::wirespan::__private::callsite! {
        __CALLSITE = "attributes", ::core::line!(), "=id\0";
    }
    let mut __span = ::wirespan::__private::SyncSpan::OFF;
    let __result = ::wirespan::__private::in_span(
        &mut __span,
        &__CALLSITE,
        true,
        move |__session| -> u64 {
            if let ::core::option::Option::Some(mut __all) = __session.attributes() {
                let __out = &mut __all;
                #[cfg(unix)]
                {
                    ::wirespan::__private::Peek {
                        of: &id,
                    }
                        .record(
                            __out,
                            b"J\0\n\x0Cparameter.id\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x12",
                        );
                }
                __all.done();
            }
            #[allow(
                clippy::redundant_locals,
                clippy::shadow_same,
                clippy::shadow_reuse,
                clippy::shadow_unrelated,
                clippy::let_unit_value
            )]
            #[cfg(unix)]
            let id = id;
            match () {
                () => id,
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
