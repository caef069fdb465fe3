pub(crate) fn generic<'a, T: Debug, const N: usize>(rows: &'a mut [T; N]) -> &'a mut T
where
    T: Clone,
{
    ::wirespan::__private::callsite! {
        __CALLSITE = "generic", ::core::line!(), "=rows\0";
    }
    let mut __span = ::wirespan::__private::SyncSpan::OFF;
    let __result = ::wirespan::__private::in_span(
        &mut __span,
        &__CALLSITE,
        true,
        move |__session| -> &'a mut T {
            if let ::core::option::Option::Some(mut __all) = __session.attributes() {
                let __out = &mut __all;
                ::wirespan::__private::Peek {
                    of: &rows,
                }
                    .record(
                        __out,
                        b"J\0\n\x0Eparameter.rows\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x14",
                    );
                __all.done();
            }
            #[allow(clippy::shadow_reuse)]
            let (rows,) = (rows,);
            match () {
                () => &mut rows[0],
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
