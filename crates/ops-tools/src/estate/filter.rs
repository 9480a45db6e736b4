//! Which items does a filter let through?

use serde_json::Value;

/// A column of an item that can be sorted, grouped and filtered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum CiColumn {
    /// `ci_code`
    Code,
    /// `ci_name`
    Name,
    /// `ci_type`
    Type,
    /// `ci_subtype`
    Subtype,
    /// `ci_category`
    Category,
    /// `status`
    Status,
    /// `location`
    Location,
    /// `owner`
    Owner,
    /// `created_at`
    CreatedAt,
}

impl CiColumn {
    /// Every column, in the order of the record.
    pub const ALL: [Self; 9] = [
        Self::Code,
        Self::Name,
        Self::Type,
        Self::Subtype,
        Self::Category,
        Self::Status,
        Self::Location,
        Self::Owner,
        Self::CreatedAt,
    ];

    /// Returns the column's name, as records and parameters spell it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Code => "ci_code",
            Self::Name => "ci_name",
            Self::Type => "ci_type",
            Self::Subtype => "ci_subtype",
            Self::Category => "ci_category",
            Self::Status => "status",
            Self::Location => "location",
            Self::Owner => "owner",
            Self::CreatedAt => "created_at",
        }
    }

    /// Returns the column called `name`, or `None`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.name() == name)
    }
}

/// The tags a filter may name.
pub const FILTER_TAGS: [&str; 6] = ["system", "role", "runs_on", "host_server", "ci_subtype", "connected_servers"];

/// The attributes a filter may name.
pub const FILTER_ATTRIBUTES: [&str; 6] = ["engine", "version", "zone", "ip", "cpu_cores", "memory_gb"];

/// What a filter or a grouping looks at: a closed list, so that nothing else reaches a query's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CiField {
    /// A column of the item.
    Column(CiColumn),
    /// `tags.NAME`, one of [`FILTER_TAGS`].
    Tag(&'static str),
    /// `attributes.NAME`, one of [`FILTER_ATTRIBUTES`].
    Attribute(&'static str),
}

impl CiField {
    /// Returns the field called `name`, as in `ci_type`, `tags.system` or `attributes.zone`, or `None`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        if let Some(tag) = name.strip_prefix("tags.") {
            return FILTER_TAGS.into_iter().find(|t| *t == tag).map(Self::Tag);
        }
        if let Some(attribute) = name.strip_prefix("attributes.") {
            return FILTER_ATTRIBUTES.into_iter().find(|a| *a == attribute).map(Self::Attribute);
        }
        CiColumn::parse(name).map(Self::Column)
    }

    /// Returns the field's name, as [`CiField::parse`] reads it.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Column(column) => column.name().to_owned(),
            Self::Tag(tag) => format!("tags.{tag}"),
            Self::Attribute(attribute) => format!("attributes.{attribute}"),
        }
    }

    /// Returns the names of every field, for schemas and error messages.
    #[must_use]
    pub fn names() -> Vec<String> {
        let columns = CiColumn::ALL.into_iter().map(Self::Column);
        let tags = FILTER_TAGS.into_iter().map(Self::Tag);
        let attributes = FILTER_ATTRIBUTES.into_iter().map(Self::Attribute);
        columns.chain(tags).chain(attributes).map(Self::name).collect()
    }
}

/// How a filter compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FilterOp {
    /// `=`: the same text or number.
    Eq,
    /// `!=`: another text or number, or none at all.
    Ne,
    /// `ILIKE`: contains the text, whatever the case of its ASCII letters; `%` and `_` mean themselves.
    Contains,
    /// `in`: one of a list.
    In,
}

impl FilterOp {
    /// Returns the operator written as `=`, `!=`, `ILIKE` (any case) or `in`, or `None`.
    #[must_use]
    pub fn parse(op: &str) -> Option<Self> {
        match op {
            "=" => Some(Self::Eq),
            "!=" => Some(Self::Ne),
            _ if op.eq_ignore_ascii_case("ilike") => Some(Self::Contains),
            _ if op.eq_ignore_ascii_case("in") => Some(Self::In),
            _ => None,
        }
    }
}

/// A member of a filter that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FilterFault {
    /// `field`, `op` or `value`.
    pub member: &'static str,
    /// What was expected there, as a fragment that completes "expected …".
    pub expected: String,
}

/// One condition on items, checked where it is built.
#[derive(Debug, Clone, PartialEq)]
pub struct CiFilter {
    field: CiField,
    op: FilterOp,
    values: Vec<Value>,
}

impl CiFilter {
    /// Returns the filter `field op value`, where `value` is a list for `in` and a text, number or boolean otherwise.
    ///
    /// # Errors
    ///
    /// Every member that is wrong, and what was expected: an unknown field or operator, a value of the wrong shape.
    pub fn new(field: &str, op: &str, value: &Value) -> Result<Self, Vec<FilterFault>> {
        let fault = |member, expected: String| FilterFault { member, expected };
        let known =
            CiField::parse(field).ok_or_else(|| fault("field", format!("one of {}", CiField::names().join(", "))));
        let op = FilterOp::parse(op).ok_or_else(|| fault("op", "one of =, !=, ILIKE, in".to_owned()));
        let values = match (&op, value) {
            (Ok(FilterOp::In), Value::Array(list)) if !list.is_empty() && list.iter().all(is_scalar) => {
                Ok(list.clone())
            }
            (Ok(FilterOp::In), _) => Err(fault("value", "a non-empty list of texts or numbers".to_owned())),
            (_, scalar) if is_scalar(scalar) => Ok(vec![scalar.clone()]),
            (Ok(_), _) => Err(fault("value", "a text, a number or a boolean".to_owned())),
            (Err(_), _) => Ok(Vec::new()),
        };
        match (known, op, values) {
            (Ok(field), Ok(op), Ok(values)) => Ok(Self { field, op, values }),
            (field, op, values) => Err([field.err(), op.err(), values.err()].into_iter().flatten().collect()),
        }
    }

    /// Returns what is looked at.
    #[must_use]
    pub fn field(&self) -> CiField {
        self.field
    }

    /// Returns how it is compared.
    #[must_use]
    pub fn op(&self) -> FilterOp {
        self.op
    }

    /// Returns what it is compared with: exactly one value unless the operator is [`FilterOp::In`].
    #[must_use]
    pub fn values(&self) -> &[Value] {
        &self.values
    }
}

fn is_scalar(value: &Value) -> bool {
    matches!(value, Value::String(_) | Value::Number(_) | Value::Bool(_))
}
