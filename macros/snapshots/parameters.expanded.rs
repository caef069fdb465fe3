fn parameters(id: u64, name: &str, rows: Vec<String>) -> Result<usize, Error> {
    ::wirespan::__private::callsite! {
        __CALLSITE = "parameters", ::core::line!(), "=id\0=name\0=rows\0";
    }
    let mut __span = ::wirespan::__private::SyncSpan::OFF;
    let __result = ::wirespan::__private::in_span(
        &mut __span,
        &__CALLSITE,
        true,
        move |__session| -> Result<usize, Error> {
            if let ::core::option::Option::Some(mut __all) = __session.attributes() {
                let __out = &mut __all;
                ::wirespan::__private::Peek {
                    of: &id,
                }
                    .record(
                        __out,
                        b"J\0\n\x0Cparameter.id\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x12",
                    );
                ::wirespan::__private::Value {
                    of: &{ name },
                }
                    .record(
                        __out,
                        b"J\0\n\x0Eparameter.name\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x14",
                    );
                ::wirespan::__private::Value {
                    of: &rows,
                }
                    .record(
                        __out,
                        b"J\0\n\x0Eparameter.rows\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x14",
                    );
                __all.done();
            }
            #[allow(clippy::shadow_reuse)]
            let (id, name, rows) = (id, name, rows);
            match () {
                () => count(id, name, rows),
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
