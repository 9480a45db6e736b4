//! What does a text ask for?

use std::{fmt, ops::Range};

use serde::Serialize;
use serde_json::Value;
use tool_core::{Params, ToolName};

use crate::{RankedTool, Selection};

/// Reads a question: which intent it has, what it names, and with which parameters which tools would answer it.
///
/// The grammar belongs to whoever brings the tools; this crate only asks for the reading and ranks the tools in it.
///
/// # Examples
///
/// ```
/// use tool_core::Params;
/// use tool_select::{Entity, Interpretation, InterpretError, Interpreter, Reading};
///
/// /// Understands `weather CITY` and nothing else.
/// #[derive(Debug)]
/// struct Weather;
///
/// impl Interpreter for Weather {
///     fn interpret(&self, text: &str) -> Result<Interpretation, InterpretError> {
///         InterpretError::check(text, 1_000)?;
///         let Some(city) = text.strip_prefix("weather ") else {
///             return Ok(Interpretation::new().with_unused(text, [0..text.len()]));
///         };
///         let params = Params::parse(&format!(r#"{{"city": {city:?}}}"#)).unwrap_or_else(|_| Params::empty());
///         let reading = Reading::new("weather.now".parse().unwrap(), params);
///         let entity = Entity::new("city", 8..text.len(), text, city.into());
///         Ok(Interpretation::new().with_intent("WEATHER").with_entity(entity).with_reading(reading))
///     }
/// }
///
/// let understood = Weather.interpret("weather Oslo")?;
/// assert_eq!((understood.entities[0].text.as_str(), understood.readings.len()), ("Oslo", 1));
/// assert!(Weather.interpret("bake a cake")?.readings.is_empty());
/// assert!(Weather.interpret(" ").is_err());
/// # Ok::<(), InterpretError>(())
/// ```
pub trait Interpreter: fmt::Debug + Send + Sync {
    /// Reads a question. That nothing answers it is no error: the interpretation then has no reading.
    ///
    /// # Errors
    ///
    /// [`InterpretError`] if the text is no question at all: empty, too long, or not readable.
    fn interpret(&self, text: &str) -> Result<Interpretation, InterpretError>;
}

/// What was understood of a text.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Interpretation {
    /// The kind of question; `None` if it is of no known kind.
    pub intent: Option<String>,
    /// What the text names, in its order.
    pub entities: Vec<Entity>,
    /// The tools that would answer it, each with its parameters; none if nothing fits.
    pub readings: Vec<Reading>,
    /// The words that took no part.
    pub unused: Vec<Word>,
    /// The words that look like a name but are none.
    pub unknown: Vec<UnknownName>,
    /// What comes near where nothing fits: calls that answer a part of it, possibly with parameters missing.
    pub near: Vec<Reading>,
}

impl Interpretation {
    /// Returns what was understood of nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the kind of question.
    #[must_use]
    pub fn with_intent(mut self, intent: impl Into<String>) -> Self {
        self.intent = Some(intent.into());
        self
    }

    /// Adds something that the text names.
    #[must_use]
    pub fn with_entity(mut self, entity: Entity) -> Self {
        self.entities.push(entity);
        self
    }

    /// Adds a tool that would answer it.
    #[must_use]
    pub fn with_reading(mut self, reading: Reading) -> Self {
        self.readings.push(reading);
        self
    }

    /// Adds words of `text` that took no part, by their spans in bytes; spans outside the text are left out.
    #[must_use]
    pub fn with_unused(mut self, text: &str, spans: impl IntoIterator<Item = Range<usize>>) -> Self {
        let word = |span: Range<usize>| Some(Word { text: text.get(span.clone())?.to_owned(), span });
        self.unused.extend(spans.into_iter().filter_map(word));
        self
    }

    /// Adds a word that looks like a name but is none.
    #[must_use]
    pub fn with_unknown(mut self, unknown: UnknownName) -> Self {
        self.unknown.push(unknown);
        self
    }

    /// Adds a call that comes near.
    #[must_use]
    pub fn with_near(mut self, reading: Reading) -> Self {
        self.near.push(reading);
        self
    }

    /// Returns the names of all parameters that some reading has a value for.
    pub fn known_params(&self) -> impl Iterator<Item = &str> {
        let maps = self.readings.iter().filter_map(|reading| reading.params.as_value().as_object());
        maps.flat_map(|params| params.keys().map(String::as_str))
    }

    /// Returns the readings whose tool a selection ranks, best first, each with its rank's reasons.
    #[must_use]
    pub fn ranked<'a>(&'a self, selection: &'a Selection) -> Vec<(&'a Reading, &'a RankedTool)> {
        let reading = |name: &ToolName| self.readings.iter().find(|reading| reading.tool == *name);
        selection.ranked.iter().filter_map(|tool| Some((reading(tool.tool.spec().name())?, tool))).collect()
    }
}

/// Something that a text names.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Entity {
    /// What kind of thing it is, as in `item` or `time_range`.
    pub kind: &'static str,
    /// Where it stands in the text, in bytes.
    pub span: Range<usize>,
    /// The words it was read from.
    pub text: String,
    /// What they mean.
    pub value: Value,
}

impl Entity {
    /// Names what stands at `span` of `text`; a span outside the text reads as empty.
    #[must_use]
    pub fn new(kind: &'static str, span: Range<usize>, text: &str, value: Value) -> Self {
        Self { kind, text: text.get(span.clone()).unwrap_or_default().to_owned(), span, value }
    }
}

/// One way to answer a question: a tool and its parameters.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Reading {
    /// The tool.
    pub tool: ToolName,
    /// Its parameters.
    #[serde(serialize_with = "as_value")]
    pub params: Params,
}

fn as_value<S: serde::Serializer>(params: &Params, serializer: S) -> Result<S::Ok, S::Error> {
    params.as_value().serialize(serializer)
}

impl Reading {
    /// Pairs a tool with parameters.
    #[must_use]
    pub fn new(tool: ToolName, params: Params) -> Self {
        Self { tool, params }
    }
}

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Word {
    /// As it was written.
    pub text: String,
    /// Where it stands in the text, in bytes.
    pub span: Range<usize>,
}

/// A word that looks like a name but is none, or is the name of several things.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct UnknownName {
    /// As it was written.
    pub text: String,
    /// Where it stands in the text, in bytes.
    pub span: Range<usize>,
    /// What it was taken for, as in `item`.
    pub kind: &'static str,
    /// The nearest names, or all that it may mean.
    pub suggestions: Vec<String>,
}

impl UnknownName {
    /// Names the word at `span` of `text`, and what may have been meant.
    #[must_use]
    pub fn new(kind: &'static str, span: Range<usize>, text: &str, suggestions: Vec<String>) -> Self {
        Self { text: text.get(span.clone()).unwrap_or_default().to_owned(), span, kind, suggestions }
    }
}

/// Says why a text is no question.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InterpretError {
    /// There is nothing but blanks.
    #[error("the question is empty")]
    Empty,
    /// It is longer than any question.
    #[error("the question has {bytes} bytes, expected at most {limit}")]
    TooLong {
        /// How long it is.
        bytes: usize,
        /// How long it may be.
        limit: usize,
    },
    /// It holds a control character other than a tab or a line break.
    #[error("the question holds the control character {character:?} at byte {at}")]
    ControlCharacter {
        /// Which.
        character: char,
        /// Where.
        at: usize,
    },
}

impl InterpretError {
    /// Refuses what is no question: empty, longer than `limit` bytes, or with control characters.
    ///
    /// # Errors
    ///
    /// Each of the kinds above.
    pub fn check(text: &str, limit: usize) -> Result<(), Self> {
        if text.len() > limit {
            return Err(Self::TooLong { bytes: text.len(), limit });
        }
        if text.trim().is_empty() {
            return Err(Self::Empty);
        }
        let odd = |c: &(usize, char)| c.1.is_control() && !matches!(c.1, '\t' | '\n' | '\r');
        match text.char_indices().find(odd) {
            Some((at, character)) => Err(Self::ControlCharacter { character, at }),
            None => Ok(()),
        }
    }
}
