#[automatically_derived]
#[allow(dead_code, clippy::all, clippy::pedantic, clippy::restriction, clippy::nursery)]
impl Shop {
    /// The instruments. It does not matter whether telemetry is on yet.
    pub fn new() -> Self {
        Self {
            orders: {
                ::wirespan::__private::instrument_spec!(
                    __SPEC = ::wirespan::__private::InstrumentSpec { name :
                    "shop.orders", unit : "{order}", description :
                    "Orders that were placed.", bounds : & [], alias :
                    ::core::option::Option::Some(::wirespan::__private::AliasSpec { name
                    : "count_orders", unit : "1", scale : 1.0 }), package :
                    ::core::option_env!("CARGO_PKG_NAME"), version :
                    ::core::option_env!("CARGO_PKG_VERSION"), }
                );
                ::wirespan::__private::instrument(&__SPEC)
            },
            checkout: {
                ::wirespan::__private::instrument_spec!(
                    __SPEC = ::wirespan::__private::InstrumentSpec { name :
                    "shop.checkout.duration", unit : "s", description :
                    "How long a checkout takes.", bounds :
                    ::wirespan::metrics::buckets::SECONDS, alias :
                    ::core::option::Option::None, package :
                    ::core::option_env!("CARGO_PKG_NAME"), version :
                    ::core::option_env!("CARGO_PKG_VERSION"), }
                );
                ::wirespan::__private::instrument(&__SPEC)
            },
            parcel: {
                ::wirespan::__private::instrument_spec!(
                    __SPEC = ::wirespan::__private::InstrumentSpec { name :
                    "shop.parcel", unit : "g", description : "The weight of a parcel.",
                    bounds : & [100.0, 1000.0], alias : ::core::option::Option::None,
                    package : ::core::option_env!("CARGO_PKG_NAME"), version :
                    ::core::option_env!("CARGO_PKG_VERSION"), }
                );
                ::wirespan::__private::instrument(&__SPEC)
            },
        }
    }
    /// The ones that the whole program shares.
    pub fn get() -> &'static Self {
        static __SHARED: ::wirespan::__private::OnceLock<Shop> = ::wirespan::__private::OnceLock::new();
        __SHARED.get_or_init(Self::new)
    }
}
#[automatically_derived]
#[allow(clippy::all, clippy::pedantic, clippy::restriction, clippy::nursery)]
impl ::wirespan::metrics::MetricAttributes for Labels {
    fn write(&self, __out: &mut ::wirespan::metrics::AttributeSet<'_>) {
        ::wirespan::__private::label(__out, "region", &self.region);
        ::wirespan::__private::label(__out, "shop.cached", &self.cached);
    }
}
#[automatically_derived]
#[allow(clippy::all, clippy::pedantic, clippy::restriction, clippy::nursery)]
impl ::wirespan::metrics::MetricValue for Region {
    fn metric_value(&self) -> ::core::option::Option<::wirespan::opentelemetry::Value> {
        let text: &'static ::core::primitive::str = match *self {
            Self::Eu { .. } => "eu",
            Self::UsEast { .. } => "us-east",
        };
        ::core::option::Option::Some(::core::convert::Into::into(text))
    }
}
