//! Which items does the shop have?

/// What kind of thing an item is: decides its type, its metrics and its physics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Balancer,
    Web,
    Gateway,
    Service,
    Worker,
    Database,
    Cache,
    Queue,
    Link,
    External,
    Server,
    DataServer,
    Storage,
    Network,
    Security,
    System,
    Monitoring,
}

impl Class {
    /// The `ci_type`, `ci_subtype` and `ci_category` of its items.
    pub(super) const fn kind(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Balancer => ("HW", "network", "load_balancer"),
            Self::Web => ("SW", "web", "frontend"),
            Self::Gateway => ("SW", "was", "gateway"),
            Self::Service => ("SW", "app", "service"),
            Self::Worker => ("SW", "app", "worker"),
            Self::Database => ("SW", "db", "database"),
            Self::Cache => ("SW", "db", "cache"),
            Self::Queue => ("SW", "was", "queue"),
            Self::Link => ("HW", "network", "link"),
            Self::External => ("SW", "app", "external"),
            Self::Server | Self::DataServer => ("HW", "server", "host"),
            Self::Storage => ("HW", "storage", "san"),
            Self::Network => ("HW", "network", "switch"),
            Self::Security => ("HW", "security", "firewall"),
            Self::System => ("SYSTEM", "business_system", "business"),
            Self::Monitoring => ("SYSTEM", "monitoring_system", "monitoring"),
        }
    }

    /// Whether requests pass through its items, so that they have latency and availability.
    pub(super) const fn serves(self) -> bool {
        matches!(
            self,
            Self::Balancer
                | Self::Web
                | Self::Gateway
                | Self::Service
                | Self::Worker
                | Self::Database
                | Self::Cache
                | Self::Link
                | Self::External
        )
    }

    /// Whether its items are hosts.
    pub(super) const fn hosts(self) -> bool {
        matches!(self, Self::Server | Self::DataServer)
    }
}

/// One item, with its usual size.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    pub(super) class: Class,
    /// The team that answers for it.
    pub(super) owner: &'static str,
    /// The code of the server it runs on; empty if it is hardware, or somebody else's.
    pub(super) host: &'static str,
    /// Its own work per request at the busiest hour, in seconds.
    pub(super) work: f64,
    /// How much of its processor it uses at the busiest hour.
    pub(super) load: f64,
    /// The share of requests that it fails by itself on a good day.
    pub(super) faults: f64,
}

type Row = (&'static str, &'static str, Class, &'static str, &'static str, f64, f64, f64);

const fn node(row: Row) -> Node {
    let (code, name, class, owner, host, work_ms, load, faults_per_10k) = row;
    Node { code, name, class, owner, host, work: work_ms / 1e3, load, faults: faults_per_10k / 1e4 }
}

/// The items, callers before those they call, hosts after their guests.
///
/// Columns: code, name, class, owner, host, own work in ms, load, faults of 10,000 requests.
#[rustfmt::skip]
pub(super) const NODES: [Node; 62] = {
    use Class::*;
    [
        node(("lb-edge", "Edge load balancer", Balancer, "network", "", 1.2, 0.40, 2.0)),
        node(("web-storefront", "Web storefront", Web, "frontend", "srv-web-1", 34.0, 0.55, 12.0)),
        node(("web-mobile", "Mobile backend", Web, "frontend", "srv-web-1", 26.0, 0.50, 12.0)),
        node(("web-admin", "Back office", Web, "backoffice", "srv-web-2", 60.0, 0.35, 20.0)),
        node(("gw-partner", "Partner gateway", Gateway, "integration", "srv-web-2", 18.0, 0.50, 15.0)),
        node(("gw-api", "Internal API gateway", Gateway, "platform", "srv-web-2", 7.0, 0.52, 6.0)),
        node(("svc-checkout", "Checkout", Service, "orders", "srv-app-1", 45.0, 0.48, 25.0)),
        node(("svc-search", "Search", Service, "catalog", "srv-app-3", 24.0, 0.62, 12.0)),
        node(("svc-recommend", "Recommendations", Service, "catalog", "srv-app-3", 38.0, 0.55, 20.0)),
        node(("svc-cart", "Cart", Service, "orders", "srv-app-1", 16.0, 0.45, 12.0)),
        node(("svc-payment", "Payment", Service, "payments", "srv-app-2", 32.0, 0.42, 30.0)),
        node(("svc-order", "Orders", Service, "orders", "srv-app-1", 22.0, 0.50, 15.0)),
        node(("mq-orders", "Order queue", Queue, "platform", "srv-mq-1", 0.0, 0.62, 0.0)),
        node(("wrk-fulfilment", "Fulfilment worker", Worker, "logistics", "srv-mq-1", 55.0, 0.48, 15.0)),
        node(("mq-shipping", "Shipping queue", Queue, "platform", "srv-mq-1", 0.0, 0.60, 0.0)),
        node(("wrk-shipping", "Shipping worker", Worker, "logistics", "srv-app-4", 60.0, 0.44, 15.0)),
        node(("mq-mail", "Mail queue", Queue, "platform", "srv-mq-1", 0.0, 0.64, 0.0)),
        node(("wrk-mail", "Mail worker", Worker, "customer", "srv-app-4", 20.0, 0.40, 15.0)),
        node(("svc-notify", "Notifications", Service, "customer", "srv-app-4", 28.0, 0.40, 25.0)),
        node(("svc-catalog", "Catalog", Service, "catalog", "srv-app-3", 14.0, 0.60, 10.0)),
        node(("svc-fraud", "Fraud check", Service, "payments", "srv-app-2", 65.0, 0.55, 25.0)),
        node(("svc-shipping", "Shipping rates", Service, "logistics", "srv-app-4", 26.0, 0.42, 25.0)),
        node(("svc-auth", "Sign-in and sessions", Service, "customer", "srv-app-2", 11.0, 0.52, 10.0)),
        node(("svc-customer", "Customer accounts", Service, "customer", "srv-app-2", 13.0, 0.48, 12.0)),
        node(("svc-pricing", "Pricing", Service, "catalog", "srv-app-4", 9.0, 0.58, 8.0)),
        node(("svc-promo", "Promotions", Service, "marketing", "srv-app-4", 12.0, 0.45, 12.0)),
        node(("svc-review", "Product reviews", Service, "catalog", "srv-app-3", 18.0, 0.40, 20.0)),
        node(("svc-inventory", "Inventory", Service, "logistics", "srv-app-1", 12.0, 0.55, 12.0)),
        node(("idx-search", "Search index", Database, "catalog", "srv-db-3", 34.0, 0.60, 8.0)),
        node(("db-catalog", "Catalog database", Database, "data", "srv-db-1", 11.0, 0.50, 5.0)),
        node(("db-order", "Order database", Database, "data", "srv-db-1", 19.0, 0.55, 6.0)),
        node(("db-payment", "Payment database", Database, "data", "srv-db-2", 26.0, 0.42, 8.0)),
        node(("db-fraud", "Fraud features", Database, "data", "srv-db-2", 36.0, 0.50, 8.0)),
        node(("db-customer", "Customer database", Database, "data", "srv-db-2", 13.0, 0.50, 5.0)),
        node(("db-review", "Review database", Database, "data", "srv-db-3", 22.0, 0.38, 10.0)),
        node(("db-inventory", "Inventory database", Database, "data", "srv-db-1", 14.0, 0.52, 6.0)),
        node(("cache-catalog", "Catalog cache", Cache, "data", "srv-db-3", 0.9, 0.45, 3.0)),
        node(("cache-session", "Session cache", Cache, "data", "srv-db-3", 0.8, 0.45, 3.0)),
        node(("net-link-psp", "Link to the payment provider", Link, "network", "", 42.0, 0.30, 8.0)),
        node(("net-link-carrier", "Link to the carriers", Link, "network", "", 48.0, 0.30, 10.0)),
        node(("ext-psp", "Payment provider", External, "payments", "", 140.0, 0.40, 40.0)),
        node(("ext-carrier", "Carrier rates", External, "logistics", "", 100.0, 0.40, 45.0)),
        node(("ext-mail", "Mail provider", External, "customer", "", 90.0, 0.40, 45.0)),
        node(("srv-web-1", "Web server 1", Server, "platform", "", 0.0, 0.58, 0.0)),
        node(("srv-web-2", "Web server 2", Server, "platform", "", 0.0, 0.55, 0.0)),
        node(("srv-app-1", "Application server 1", Server, "platform", "", 0.0, 0.60, 0.0)),
        node(("srv-app-2", "Application server 2", Server, "platform", "", 0.0, 0.58, 0.0)),
        node(("srv-app-3", "Application server 3", Server, "platform", "", 0.0, 0.62, 0.0)),
        node(("srv-app-4", "Application server 4", Server, "platform", "", 0.0, 0.52, 0.0)),
        node(("srv-db-1", "Database server 1", DataServer, "platform", "", 0.0, 0.60, 0.0)),
        node(("srv-db-2", "Database server 2", DataServer, "platform", "", 0.0, 0.56, 0.0)),
        node(("srv-db-3", "Database server 3", DataServer, "platform", "", 0.0, 0.55, 0.0)),
        node(("srv-mq-1", "Message server 1", DataServer, "platform", "", 0.0, 0.50, 0.0)),
        node(("stor-san-1", "Storage array 1", Storage, "platform", "", 0.0, 0.45, 0.0)),
        node(("net-core-1", "Core switch 1", Network, "network", "", 0.0, 0.35, 0.0)),
        node(("sec-waf-1", "Web application firewall", Security, "security", "", 0.0, 0.30, 0.0)),
        node(("sys-webshop", "Web shop", System, "frontend", "", 0.0, 0.0, 0.0)),
        node(("sys-mobile", "Mobile shop", System, "frontend", "", 0.0, 0.0, 0.0)),
        node(("sys-payments", "Payments", System, "payments", "", 0.0, 0.0, 0.0)),
        node(("sys-fulfilment", "Order fulfilment", System, "logistics", "", 0.0, 0.0, 0.0)),
        node(("sys-partners", "Partner business", System, "integration", "", 0.0, 0.0, 0.0)),
        node(("sys-monitoring", "Monitoring", Monitoring, "platform", "", 0.0, 0.0, 0.0)),
    ]
};

/// Returns the position of the item with this code in [`NODES`].
pub(super) fn index(code: &str) -> Option<usize> {
    NODES.iter().position(|node| node.code == code)
}
