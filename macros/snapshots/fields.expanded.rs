fn fields(id: u64, rows: &[Row]) {
    ::wirespan::__private::callsite! {
        __CALLSITE = "fields", ::core::line!(),
        "=id\0=rows\0.rows.count\0.any key\0.http.route\u{1}s/rows\0";
        .named("count rows")
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
                ::wirespan::__private::Value {
                    of: &{ rows },
                }
                    .record(
                        __out,
                        b"J\0\n\x0Eparameter.rows\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x14",
                    );
                __out
                    .field(
                        b"J\0\n\nrows.count\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x10",
                        |__out, __key| {
                            ::wirespan::__private::Value {
                                of: &(rows.len()),
                            }
                                .record(__out, __key)
                        },
                    );
                __out
                    .field(
                        b"J\0\n\x07any key\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\r",
                        |__out, __key| {
                            ::wirespan::__private::Value {
                                of: &(id + 1),
                            }
                                .record(__out, __key)
                        },
                    );
                __out
                    .field(
                        b"J\0\n\nhttp.route\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x10",
                        |__out, __key| {
                            ::wirespan::__private::Value {
                                of: &("/rows"),
                            }
                                .record(__out, __key)
                        },
                    );
                __all.done();
            }
            #[allow(clippy::shadow_reuse)]
            let (id, rows) = (id, rows);
            let _ = &id;
            let _ = &rows;
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
