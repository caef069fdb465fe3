impl Store {
    const SIZE: usize = 3;
    fn save(&mut self, row: Row) {
        ::wirespan::__private::callsite! {
            __CALLSITE = "save", ::core::line!(), "=row\0"; .named("store.save")
            .with_receiver().of_kind(::wirespan::__private::Kind::Client)
        }
        let (__span, __result) = ::wirespan::__private::in_method_span(
            &__CALLSITE,
            ::core::any::type_name::<Self>,
            true,
            move |__session| -> () {
                if let ::core::option::Option::Some(__out) = &mut { __session }
                    .attributes()
                {
                    ::wirespan::__private::Peek {
                        of: &row,
                    }
                        .record(
                            __out,
                            b"J\0\n\rparameter.row\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x13",
                        );
                }
                #[allow(clippy::shadow_reuse)]
                let (row,) = (row,);
                match () {
                    () => {
                        self.rows.push(row);
                    }
                }
            },
        );
        {
            ::wirespan::__private::Outcome {
                of: &__result,
            }
                .finish(__span);
        }
        #[allow(unreachable_code)] return __result;
    }
    fn len(&self) -> usize {
        self.rows.len()
    }
}
