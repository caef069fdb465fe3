fn skipped(id: u64, rows: Vec<Row>, messages: Vec<Message>) {
    ::wirespan::__private::callsite! {
        __CALLSITE = "skipped", ::core::line!(), "=id\0-rows\0-messages\0";
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
                    .record(
                        __out,
                        b"J\0\n\x0Cparameter.id\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x12",
                    );
                ::wirespan::__private::Excluded {
                    of: &rows,
                }
                    .record(
                        __out,
                        b"J\0\n\x0Eparameter.rows\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x14",
                    );
                ::wirespan::__private::Excluded {
                    of: &messages,
                }
                    .record(
                        __out,
                        b"J\0\n\x12parameter.messages\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x18",
                    );
                __all.done();
            }
            #[allow(clippy::shadow_reuse)]
            let (id, rows, messages) = (id, rows, messages);
            match () {
                () => {
                    work(id, rows, messages);
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
