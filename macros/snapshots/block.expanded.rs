impl Store {
    const SIZE: usize = 3;
    fn save(&mut self, row: Row) {
        ::wirespan::__private::callsite! {
            __CALLSITE = ::wirespan::__private::Source { function : "save", module :
            ::core::module_path!(), file : ::core::file!(), line : ::core::line!(),
            package : ::core::option_env!("CARGO_PKG_NAME"), version :
            ::core::option_env!("CARGO_PKG_VERSION"), }; ::wirespan::__private::Options {
            name : ::core::option::Option::Some("store.save"), kind :
            ::wirespan::__private::Kind::Client, level :
            ::wirespan::__private::Level::Info, receiver : true, parameters : "=row\0",
            max_value : 2097152, max_span : 4194304, cancel :
            ::wirespan::__private::Cancel::Unset, }
        }
        let (__span, __result) = ::wirespan::__private::in_method_span(
            &__CALLSITE,
            ::core::any::type_name::<Self>,
            true,
            move |__session| -> () {
                if let ::core::option::Option::Some(__out) = &mut { __session }
                    .attributes()
                {
                    ::wirespan::__private::peek(&row)
                        .record(
                            __out,
                            b"J\0\n\rparameter.row\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x13",
                        );
                }
                #[allow(
                    clippy::redundant_locals,
                    clippy::shadow_same,
                    clippy::shadow_reuse,
                    clippy::shadow_unrelated,
                    clippy::let_unit_value
                )]
                let row = row;
                let __result: () = match () {
                    () => {
                        self.rows.push(row);
                    }
                };
                #[allow(unreachable_code, clippy::needless_return)] return __result;
            },
        );
        {
            ::wirespan::__private::outcome(&__result).finish(__span);
        }
        #[allow(unreachable_code, clippy::needless_return)] return __result;
    }
    fn len(&self) -> usize {
        self.rows.len()
    }
}
