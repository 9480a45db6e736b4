//! How does a condition become SQL, with every value bound?

use rusqlite::types::Value as Sql;
use serde_json::Value;

use crate::estate::{CiColumn, CiField, CiFilter, FilterOp};

/// A `WHERE` clause under construction. Only fixed text enters it; values are bound.
#[derive(Debug, Default)]
pub(super) struct Conditions {
    text: String,
    values: Vec<Sql>,
}

impl Conditions {
    /// Starts with the rows of a tenant: no query goes without.
    pub(super) fn of_tenant(tenant: &str) -> Self {
        let mut conditions = Self::default();
        conditions.and("tenant = ?", [tenant.to_owned().into()]);
        conditions
    }

    /// Adds a condition with as many `?` as there are values.
    pub(super) fn and(&mut self, text: &str, values: impl IntoIterator<Item = Sql>) {
        let joint = if self.text.is_empty() { "" } else { " AND " };
        self.text.extend([joint, "(", text, ")"]);
        self.values.extend(values);
    }

    /// Adds "`column` is one of `list`", if there is a list.
    pub(super) fn and_in(&mut self, column: &str, list: Option<&[String]>) {
        if let Some(list) = list {
            self.and(&format!("{column} IN (SELECT value FROM json_each(?))"), [json_list(list)]);
        }
    }

    /// Adds conditions on items.
    pub(super) fn and_filters(&mut self, filters: &[CiFilter]) {
        for filter in filters {
            let (text, values) = filter_sql(filter);
            self.and(&text, values);
        }
    }

    /// Returns the clause without `WHERE`.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Returns the values in the order of their `?`.
    pub(super) fn values(&self) -> &[Sql] {
        &self.values
    }
}

/// Returns a list as one bound value, for `json_each`.
pub(super) fn json_list(list: &[String]) -> Sql {
    Value::from(list).to_string().into()
}

/// Returns the expression of a field; every text in it comes from a closed list.
pub(super) fn field_sql(field: CiField) -> String {
    match field {
        CiField::Column(column) => column_sql(column).to_owned(),
        CiField::Tag(name) => format!("json_extract(tags, '$.{name}')"),
        CiField::Attribute(name) => format!("json_extract(attributes, '$.{name}')"),
    }
}

/// Returns the name of a column.
pub(super) fn column_sql(column: CiColumn) -> &'static str {
    column.name()
}

fn filter_sql(filter: &CiFilter) -> (String, Vec<Sql>) {
    let field = field_sql(filter.field());
    let equal: Vec<(String, Vec<Sql>)> = filter.values().iter().map(|v| equal_sql(&field, v)).collect();
    let any = equal.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>().join(" OR ");
    let values = equal.into_iter().flat_map(|(_, values)| values).collect();
    match filter.op() {
        FilterOp::Eq | FilterOp::In => (any, values),
        FilterOp::Ne => (format!("{field} IS NULL OR NOT ({any})"), values),
        FilterOp::Contains => {
            let pattern = filter.values().first().map(text_of).unwrap_or_default();
            (format!("CAST({field} AS TEXT) LIKE ? ESCAPE '\\'"), vec![like_pattern(&pattern).into()])
        }
    }
}

/// Returns "`field` is `value`": as text, or as a number where both are numbers, so that 8 is 8.0.
fn equal_sql(field: &str, value: &Value) -> (String, Vec<Sql>) {
    match value {
        Value::Number(number) => {
            let text = format!("typeof({field}) IN ('integer', 'real') AND {field} = ? OR CAST({field} AS TEXT) = ?");
            let exact = number.as_i64().map_or_else(|| Sql::Real(number.as_f64().unwrap_or(f64::NAN)), Sql::Integer);
            (text, vec![exact, number.to_string().into()])
        }
        // SQLite has no booleans: JSON's come out as 1 and 0.
        Value::Bool(flag) => (
            format!("CAST({field} AS TEXT) IN (?, ?)"),
            vec![i64::from(*flag).to_string().into(), flag.to_string().into()],
        ),
        other => (format!("CAST({field} AS TEXT) = ?"), vec![text_of(other).into()]),
    }
}

fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Returns a pattern for `LIKE … ESCAPE '\'` that finds `text` anywhere and takes `%` and `_` as themselves.
fn like_pattern(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}
