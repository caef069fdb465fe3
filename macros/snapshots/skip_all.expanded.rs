fn skip_all(id: u64, rows: Vec<Row>) {
    ::wirespan::__private::callsite! {
        __CALLSITE = "skip_all", ::core::line!(), "=id\0_rows\0";
    }
    let mut __span = ::wirespan::__private::SyncSpan::OFF;
    let __result = ::wirespan::__private::in_span(
        &mut __span,
        &__CALLSITE,
        true,
        move |__session| -> () {
            if let ::core::option::Option::Some(mut __all) = __session.attributes() {
                let __out = &mut __all;
                ::wirespan::__private::Peek {
                    of: &id,
                }
                    .record_named(
                        __out,
                        b"J\0\n\x0Cparameter.id\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x12",
                    );
                __all.done();
            }
            #[allow(clippy::shadow_reuse)]
            let (id, rows) = (id, rows);
            match () {
                () => {
                    work(id, rows);
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
