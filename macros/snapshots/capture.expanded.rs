#[automatically_derived]
#[allow(
    unused_variables,
    clippy::all,
    clippy::pedantic,
    clippy::restriction,
    clippy::nursery
)]
impl<T> ::wirespan::Capture for Job<T>
where
    T: ::core::fmt::Debug,
{
    const MAX_ENCODED: ::core::primitive::usize = ::wirespan::__private::fields_bound(
        &[
            ::wirespan::__private::attribute_bound(
                b"\n\x02id".len(),
                ::wirespan::__private::bound_of!(u64),
                ::core::primitive::usize::MAX,
            ),
            ::wirespan::__private::attribute_bound(
                b"\n\x05lines".len(),
                11,
                ::core::primitive::usize::MAX,
            ),
            ::wirespan::__private::attribute_bound(
                b"\n\x05state".len(),
                ::core::primitive::usize::MAX,
                ::core::primitive::usize::MAX,
            ),
            ::wirespan::__private::redacted_bound(b"\n\x08password".len()),
        ],
    );
    fn capture(&self, __out: &mut ::wirespan::ValueWriter<'_>) {
        __out
            .fields(|__out| {
                ::wirespan::__private::Value {
                    of: &self.id,
                }
                    .record(
                        __out,
                        b"J\0\n\x02id\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x08",
                    );
                __out
                    .len(
                        b"J\0\n\x05lines\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x0B",
                        (&self.lines).len(),
                    );
                ::wirespan::__private::debug(
                    __out,
                    b"J\0\n\x05state\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x0B",
                    &*(&self.state),
                );
                __out
                    .redacted(
                        b"J\0\n\x08password\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x0E",
                    );
            });
    }
    fn capture_id(&self) -> ::core::option::Option<&dyn ::core::fmt::Display> {
        ::wirespan::__private::id(&self.id)
    }
}
#[automatically_derived]
#[allow(
    unused_variables,
    clippy::all,
    clippy::pedantic,
    clippy::restriction,
    clippy::nursery
)]
impl ::wirespan::Capture for Wrapped {
    const MAX_ENCODED: ::core::primitive::usize = ::wirespan::__private::bound_of!(u64);
    fn capture(&self, __out: &mut ::wirespan::ValueWriter<'_>) {
        ::wirespan::__private::Value {
            of: &self.0,
        }
            .record_value(__out);
    }
}
#[automatically_derived]
#[allow(
    unused_variables,
    clippy::all,
    clippy::pedantic,
    clippy::restriction,
    clippy::nursery
)]
impl ::wirespan::Capture for Step {
    const MAX_ENCODED: ::core::primitive::usize = {
        let mut __most = 0;
        {
            let __variant = 11;
            if __variant > __most {
                __most = __variant;
            }
        }
        {
            let __variant = ::wirespan::__private::fields_bound(
                &[
                    ::wirespan::__private::attribute_bound(
                        b"\n\x07variant".len(),
                        10,
                        ::core::primitive::usize::MAX,
                    ),
                    ::wirespan::__private::attribute_bound(
                        b"\n\x010".len(),
                        ::wirespan::__private::bound_of!(u64),
                        ::core::primitive::usize::MAX,
                    ),
                ],
            );
            if __variant > __most {
                __most = __variant;
            }
        }
        {
            let __variant = ::wirespan::__private::fields_bound(
                &[
                    ::wirespan::__private::attribute_bound(
                        b"\n\x07variant".len(),
                        10,
                        ::core::primitive::usize::MAX,
                    ),
                    ::wirespan::__private::attribute_bound(
                        b"\n\x03row".len(),
                        ::wirespan::__private::bound_of!(Row),
                        ::core::primitive::usize::MAX,
                    ),
                ],
            );
            if __variant > __most {
                __most = __variant;
            }
        }
        __most
    };
    fn capture(&self, __out: &mut ::wirespan::ValueWriter<'_>) {
        match *self {
            Self::Start { .. } => __out.str("Start"),
            Self::Load { 0: ref __field0, .. } => {
                __out
                    .fields(|__out| {
                        ::wirespan::__private::Value {
                            of: "Load",
                        }
                            .record(
                                __out,
                                b"J\0\n\x07variant\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\r",
                            );
                        ::wirespan::__private::Value {
                            of: __field0,
                        }
                            .record(
                                __out,
                                b"J\0\n\x010\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x07",
                            );
                    })
            }
            Self::Save { row: ref __field0, .. } => {
                __out
                    .fields(|__out| {
                        ::wirespan::__private::Value {
                            of: "Save",
                        }
                            .record(
                                __out,
                                b"J\0\n\x07variant\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\r",
                            );
                        ::wirespan::__private::Value {
                            of: __field0,
                        }
                            .record(
                                __out,
                                b"J\0\n\x03row\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\t",
                            );
                    })
            }
        }
    }
}
