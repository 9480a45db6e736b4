//! Who needs whom?

use super::calendar::Rhythm;

/// How one item needs another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Need {
    /// Passes on the requests that come from outside for it.
    Share,
    /// Waits for so many answers per request; of the failures, this share fails the caller.
    Call(f64, f64),
    /// Leaves so many messages per request, and waits for nothing.
    Publish(f64),
    /// Works off a queue.
    Consume,
}

/// Requests from outside: item, how many in five minutes at the busiest hour, and when they come.
pub(super) const ENTRANCES: [(&str, f64, Rhythm); 4] = [
    ("web-storefront", 21_000.0, Rhythm::Shoppers),
    ("web-mobile", 16_000.0, Rhythm::Phones),
    ("web-admin", 900.0, Rhythm::Office),
    ("gw-partner", 5_000.0, Rhythm::Office),
];

/// What needs what, callers in the order of the items.
#[rustfmt::skip]
pub(super) const NEEDS: &[(&str, &str, Need)] = {
    use Need::{Call, Consume, Publish, Share};
    &[
        ("lb-edge", "web-storefront", Share),
        ("lb-edge", "web-mobile", Share),
        ("lb-edge", "gw-partner", Share),
        ("web-storefront", "gw-api", Call(1.4, 0.9)),
        ("web-storefront", "cache-session", Call(1.0, 0.5)),
        ("web-mobile", "gw-api", Call(1.5, 0.9)),
        ("web-admin", "svc-order", Call(0.9, 1.0)),
        ("web-admin", "svc-inventory", Call(0.6, 1.0)),
        ("web-admin", "svc-customer", Call(0.4, 1.0)),
        ("gw-partner", "svc-catalog", Call(0.9, 1.0)),
        ("gw-partner", "svc-inventory", Call(0.5, 1.0)),
        ("gw-partner", "svc-auth", Call(1.0, 1.0)),
        ("gw-partner", "svc-order", Call(0.15, 1.0)),
        ("gw-api", "svc-catalog", Call(0.42, 1.0)),
        ("gw-api", "svc-search", Call(0.26, 1.0)),
        ("gw-api", "svc-recommend", Call(0.18, 0.3)),
        ("gw-api", "svc-cart", Call(0.20, 1.0)),
        ("gw-api", "svc-checkout", Call(0.14, 1.0)),
        ("gw-api", "svc-order", Call(0.07, 1.0)),
        ("gw-api", "svc-auth", Call(0.30, 1.0)),
        ("gw-api", "svc-customer", Call(0.08, 1.0)),
        ("svc-checkout", "svc-cart", Call(1.0, 1.0)),
        ("svc-checkout", "svc-payment", Call(1.0, 1.0)),
        ("svc-checkout", "svc-order", Call(1.0, 1.0)),
        ("svc-checkout", "svc-shipping", Call(0.9, 0.8)),
        ("svc-checkout", "svc-customer", Call(1.0, 1.0)),
        ("svc-search", "idx-search", Call(1.2, 1.0)),
        ("svc-search", "svc-pricing", Call(0.4, 0.8)),
        ("svc-recommend", "svc-catalog", Call(0.4, 0.8)),
        ("svc-recommend", "cache-catalog", Call(1.5, 0.5)),
        ("svc-cart", "svc-pricing", Call(0.9, 1.0)),
        ("svc-cart", "svc-inventory", Call(0.5, 0.9)),
        ("svc-cart", "cache-session", Call(1.2, 1.0)),
        ("svc-payment", "svc-fraud", Call(1.0, 1.0)),
        ("svc-payment", "db-payment", Call(1.6, 1.0)),
        ("svc-payment", "net-link-psp", Call(1.0, 1.0)),
        ("svc-order", "mq-orders", Publish(0.4)),
        ("svc-order", "mq-mail", Publish(0.3)),
        ("svc-order", "svc-inventory", Call(0.5, 1.0)),
        ("svc-order", "db-order", Call(2.0, 1.0)),
        ("wrk-fulfilment", "mq-orders", Consume),
        ("wrk-fulfilment", "mq-shipping", Publish(0.9)),
        ("wrk-fulfilment", "svc-inventory", Call(1.0, 1.0)),
        ("wrk-fulfilment", "db-order", Call(1.5, 1.0)),
        ("wrk-shipping", "mq-shipping", Consume),
        ("wrk-shipping", "mq-mail", Publish(0.6)),
        ("wrk-shipping", "svc-shipping", Call(1.0, 1.0)),
        ("wrk-mail", "mq-mail", Consume),
        ("wrk-mail", "svc-notify", Call(1.0, 1.0)),
        ("svc-notify", "svc-customer", Call(0.5, 1.0)),
        ("svc-notify", "ext-mail", Call(1.0, 1.0)),
        ("svc-catalog", "svc-pricing", Call(0.6, 0.9)),
        ("svc-catalog", "svc-review", Call(0.25, 0.3)),
        ("svc-catalog", "db-catalog", Call(0.6, 1.0)),
        ("svc-catalog", "cache-catalog", Call(1.5, 0.6)),
        ("svc-fraud", "svc-customer", Call(0.5, 1.0)),
        ("svc-fraud", "db-fraud", Call(2.0, 1.0)),
        ("svc-shipping", "db-order", Call(0.4, 1.0)),
        ("svc-shipping", "net-link-carrier", Call(0.7, 1.0)),
        ("svc-auth", "svc-customer", Call(0.25, 1.0)),
        ("svc-auth", "cache-session", Call(1.0, 1.0)),
        ("svc-customer", "db-customer", Call(1.2, 1.0)),
        ("svc-pricing", "svc-promo", Call(0.5, 0.7)),
        ("svc-pricing", "cache-catalog", Call(0.8, 0.8)),
        ("svc-promo", "db-customer", Call(0.4, 1.0)),
        ("svc-review", "db-review", Call(1.2, 1.0)),
        ("svc-inventory", "db-inventory", Call(1.3, 1.0)),
        ("net-link-psp", "ext-psp", Call(1.0, 1.0)),
        ("net-link-carrier", "ext-carrier", Call(1.0, 1.0)),
    ]
};

/// Relations that carry no requests: source, type, target.
#[rustfmt::skip]
pub(super) const FIXTURES: &[(&str, &str, &str)] = &[
    ("sys-webshop", "COMPOSED_OF", "lb-edge"),
    ("sys-webshop", "COMPOSED_OF", "web-storefront"),
    ("sys-webshop", "COMPOSED_OF", "svc-search"),
    ("sys-webshop", "COMPOSED_OF", "svc-catalog"),
    ("sys-webshop", "COMPOSED_OF", "svc-cart"),
    ("sys-webshop", "COMPOSED_OF", "svc-checkout"),
    ("sys-webshop", "DEPENDS_ON", "sys-payments"),
    ("sys-webshop", "DEPENDS_ON", "sys-fulfilment"),
    ("sys-mobile", "COMPOSED_OF", "web-mobile"),
    ("sys-mobile", "COMPOSED_OF", "gw-api"),
    ("sys-mobile", "DEPENDS_ON", "sys-payments"),
    ("sys-payments", "COMPOSED_OF", "svc-payment"),
    ("sys-payments", "COMPOSED_OF", "svc-fraud"),
    ("sys-payments", "COMPOSED_OF", "net-link-psp"),
    ("sys-fulfilment", "COMPOSED_OF", "wrk-fulfilment"),
    ("sys-fulfilment", "COMPOSED_OF", "wrk-shipping"),
    ("sys-fulfilment", "COMPOSED_OF", "svc-shipping"),
    ("sys-fulfilment", "COMPOSED_OF", "svc-inventory"),
    ("sys-partners", "COMPOSED_OF", "gw-partner"),
    ("sys-monitoring", "DEPLOYED_ON", "srv-mq-1"),
    // A worker's input is another worker's output.
    ("wrk-shipping", "DEPENDS_ON", "wrk-fulfilment"),
    ("wrk-mail", "DEPENDS_ON", "wrk-shipping"),
    ("srv-web-1", "PROTECTED_BY", "sec-waf-1"),
    ("srv-web-2", "PROTECTED_BY", "sec-waf-1"),
    ("srv-web-1", "CONNECTED_TO", "net-core-1"),
    ("srv-web-2", "CONNECTED_TO", "net-core-1"),
    ("srv-app-1", "CONNECTED_TO", "net-core-1"),
    ("srv-app-2", "CONNECTED_TO", "net-core-1"),
    ("srv-app-3", "CONNECTED_TO", "net-core-1"),
    ("srv-app-4", "CONNECTED_TO", "net-core-1"),
    ("srv-db-1", "CONNECTED_TO", "net-core-1"),
    ("srv-db-2", "CONNECTED_TO", "net-core-1"),
    ("srv-db-3", "CONNECTED_TO", "net-core-1"),
    ("srv-mq-1", "CONNECTED_TO", "net-core-1"),
    ("srv-db-1", "USES", "stor-san-1"),
    ("srv-db-2", "USES", "stor-san-1"),
    ("srv-db-3", "USES", "stor-san-1"),
    ("srv-mq-1", "USES", "stor-san-1"),
];
