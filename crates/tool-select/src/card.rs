//! What does a tool say of itself?

use serde_json::{Map, Value};
use tool_core::ToolSpec;

/// What a text search reads of a tool: a small card, made of a [`ToolSpec`] or by hand.
///
/// # Examples
///
/// ```
/// use tool_select::ToolCard;
///
/// let card = ToolCard::new("getWeather")
///     .namespace("meteo")
///     .description("Returns the weather of a place.")
///     .param("city", "Name of the place.");
/// assert_eq!(card.name(), "getWeather");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ToolCard {
    id: Option<String>,
    name: String,
    namespace: String,
    description: String,
    params: Vec<(String, String)>,
}

impl ToolCard {
    /// Begins a card; any text can be a name, unless it is empty.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Makes the card of a tool: its operation is the name's text, its namespace, group and tags are the namespace's, and
    /// the properties at the top of its input schema are the parameters.
    #[must_use]
    pub fn of(spec: &ToolSpec) -> Self {
        let around = [Some(spec.name().namespace()), spec.group()].into_iter().flatten();
        let around: Vec<&str> = around.chain(spec.tags().iter().map(String::as_str)).collect();
        let params = spec.input_schema()["properties"].as_object();
        let described = |(name, schema): (&String, &Value)| {
            (name.clone(), schema["description"].as_str().unwrap_or_default().to_owned())
        };
        Self {
            id: None,
            name: spec.name().to_string(),
            namespace: around.join("; "),
            description: spec.description().to_owned(),
            params: params.into_iter().flat_map(Map::iter).map(described).collect(),
        }
    }

    /// Sets what tells the tool from others of the same name; the name, unless it is set.
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Sets what the tool belongs to: its server, category, group.
    #[must_use]
    pub fn namespace(mut self, namespace: impl Into<String>) -> Self {
        self.namespace = namespace.into();
        self
    }

    /// Sets the sentence that says what it is for.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// Adds a parameter.
    #[must_use]
    pub fn param(mut self, name: impl Into<String>, description: impl Into<String>) -> Self {
        self.params.push((name.into(), description.into()));
        self
    }

    /// Returns the name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns what the tool is found as.
    pub(crate) fn key(&self) -> &str {
        self.id.as_deref().unwrap_or(&self.name)
    }

    /// Returns the texts of a field, in their order.
    pub(crate) fn texts(&self, field: Field) -> Vec<&str> {
        match field {
            Field::Name => vec![&self.name],
            Field::Description => vec![&self.description],
            Field::ParamName => self.params.iter().map(|(name, _)| name.as_str()).collect(),
            Field::ParamDescription => self.params.iter().map(|(_, description)| description.as_str()).collect(),
            Field::Namespace => vec![&self.namespace],
        }
    }
}

/// Where in a card a word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Field {
    /// In the name.
    Name,
    /// In the description.
    Description,
    /// In the name of a parameter.
    ParamName,
    /// In the description of a parameter.
    ParamDescription,
    /// In the namespace.
    Namespace,
}

impl Field {
    /// Every field, in the order in which points are summed.
    pub(crate) const ALL: [Self; FIELDS] =
        [Self::Name, Self::Description, Self::ParamName, Self::ParamDescription, Self::Namespace];
}

/// How many fields there are.
pub(crate) const FIELDS: usize = 5;
