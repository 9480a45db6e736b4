//! How do parameters become values?

use serde_json::{Map, Value};
use tool_core::{ErrorKind, Execution, ToolError};

use crate::{
    Fault, FaultKind, Inputs,
    reference::{self, Missing, Reference},
};

/// How deep a template may nest.
const MAX_DEPTH: usize = 32;

/// A JSON template, read once: what holds no reference is kept as it is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Template {
    Literal(Value),
    Reference(Reference),
    Text(Vec<Piece>),
    /// A list.
    List(Vec<Self>),
    /// The items of a list, in the list that it stands in.
    Spread(Reference),
    Object(Vec<(String, Self)>),
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Piece {
    Text(String),
    Reference(Reference),
}

/// A reference and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Use {
    pub(crate) place: String,
    pub(crate) reference: Reference,
}

/// Reads templates; collects the references and the faults of all that it reads.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    pub(crate) uses: Vec<Use>,
    pub(crate) faults: Vec<Fault>,
}

impl Reader {
    pub(crate) fn read(&mut self, value: &Value, place: &str) -> Template {
        self.read_at(value, place, 0)
    }

    pub(crate) fn read_object(&mut self, map: &Map<String, Value>, place: &str) -> Template {
        self.object(map, place, 0)
    }

    fn read_at(&mut self, value: &Value, place: &str, depth: usize) -> Template {
        if depth > MAX_DEPTH {
            let reason = format!("it nests deeper than {MAX_DEPTH} levels");
            self.faults.push(Fault::new(FaultKind::OutOfBounds, place, reason));
            return Template::Literal(Value::Null);
        }
        match value {
            Value::String(text) => self.text(text, place),
            Value::Array(list) => {
                let read = |(at, item)| self.item(item, &format!("{place}[{at}]"), depth + 1);
                settle(Template::List(list.iter().enumerate().map(read).collect()))
            }
            Value::Object(map) => self.object(map, place, depth),
            plain => Template::Literal(plain.clone()),
        }
    }

    fn object(&mut self, map: &Map<String, Value>, place: &str, depth: usize) -> Template {
        let mut fields = Vec::with_capacity(map.len());
        for (name, value) in map {
            let place = format!("{place}.{name}");
            if name.contains("${") {
                self.faults.push(Fault::new(FaultKind::BadReference, &place, "references cannot stand in names"));
            }
            fields.push((name.clone(), self.read_at(value, &place, depth + 1)));
        }
        settle(Template::Object(fields))
    }

    /// Reads an item of a list: `${...reference}` gives its items in place of one.
    fn item(&mut self, value: &Value, place: &str, depth: usize) -> Template {
        let Some(spread) = value.as_str().and_then(|text| text.strip_prefix("${...")) else {
            return self.read_at(value, place, depth);
        };
        match reference::parse(spread) {
            Ok((reference, "")) => {
                self.note(&reference, place, true);
                Template::Spread(reference)
            }
            Ok(_) => self.bad_reference(place, "`${...}` stands alone, as an item of a list".to_owned()),
            Err(reason) => self.bad_reference(place, reason),
        }
    }

    fn bad_reference(&mut self, place: &str, reason: String) -> Template {
        self.faults.push(Fault::new(FaultKind::BadReference, place, reason));
        Template::Literal(Value::Null)
    }

    fn text(&mut self, text: &str, place: &str) -> Template {
        let mut pieces = match pieces(text) {
            Ok(pieces) => pieces,
            Err(reason) => return self.bad_reference(place, reason),
        };
        let whole = pieces.len() == 1;
        for piece in &pieces {
            if let Piece::Reference(reference) = piece {
                self.note(reference, place, whole);
            }
        }
        match (whole, pieces.pop()) {
            (_, None) => Template::Literal(Value::String(String::new())),
            (true, Some(Piece::Text(text))) => Template::Literal(Value::String(text)),
            (true, Some(Piece::Reference(reference))) => Template::Reference(reference),
            (false, Some(last)) => {
                pieces.push(last);
                Template::Text(pieces)
            }
        }
    }

    fn note(&mut self, reference: &Reference, place: &str, whole: bool) {
        if !whole && reference.missing == Missing::Omit {
            let reason = format!("`${{{reference}?}}` can be left out only where it is the whole value; give `??`");
            self.faults.push(Fault::new(FaultKind::BadReference, place, reason));
        }
        self.uses.push(Use { place: place.to_owned(), reference: reference.clone() });
    }
}

/// Turns a template without references into the value that it is.
fn settle(template: Template) -> Template {
    let literal = |template: &Template| matches!(template, Template::Literal(_));
    let value = |template: Template| match template {
        Template::Literal(value) => value,
        _ => Value::Null,
    };
    match template {
        Template::List(items) if items.iter().all(literal) => {
            Template::Literal(Value::Array(items.into_iter().map(value).collect()))
        }
        Template::Object(fields) if fields.iter().all(|(_, field)| literal(field)) => {
            Template::Literal(Value::Object(fields.into_iter().map(|(name, field)| (name, value(field))).collect()))
        }
        other => other,
    }
}

/// Parts a text at its references; `$${` stands for `${`.
fn pieces(text: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        let (before, after) = (&rest[..at], &rest[at + 2..]);
        if let Some(escaped) = before.strip_suffix('$') {
            plain.push_str(escaped);
            plain.push_str("${");
            rest = after;
            continue;
        }
        plain.push_str(before);
        if !plain.is_empty() {
            pieces.push(Piece::Text(std::mem::take(&mut plain)));
        }
        let (reference, behind) = reference::parse(after)?;
        pieces.push(Piece::Reference(reference));
        rest = behind;
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        pieces.push(Piece::Text(plain));
    }
    Ok(pieces)
}

impl Template {
    /// Returns the value; `None` where the whole is to be left out.
    pub(crate) fn render(&self, inputs: &Inputs<'_>) -> Result<Option<Value>, ToolError> {
        Ok(Some(match self {
            Self::Literal(value) => value.clone(),
            Self::Reference(reference) => return inputs.find(reference),
            Self::Text(pieces) => Value::String(render_text(pieces, inputs)?),
            Self::List(items) => Value::Array(render_items(items, inputs)?),
            Self::Spread(reference) => return inputs.find(reference),
            Self::Object(fields) => Value::Object(render_fields(fields, inputs)?),
        }))
    }
}

/// Makes the items of a list; a spread gives as many as there are.
fn render_items(items: &[Template], inputs: &Inputs<'_>) -> Result<Vec<Value>, ToolError> {
    let mut list = Vec::with_capacity(items.len());
    for item in items {
        match (item, item.render(inputs)?) {
            (_, None) => {}
            (Template::Spread(_), Some(Value::Array(several))) => list.extend(several),
            (Template::Spread(reference), Some(_)) => {
                let message = format!("`${{...{reference}}}` expects a list");
                return Err(ToolError::new(ErrorKind::InvalidOutput, message).with_execution(Execution::NotExecuted));
            }
            (_, Some(one)) => list.push(one),
        }
    }
    Ok(list)
}

fn render_fields(fields: &[(String, Template)], inputs: &Inputs<'_>) -> Result<Map<String, Value>, ToolError> {
    fields
        .iter()
        .filter_map(|(name, field)| Some(field.render(inputs).transpose()?.map(|value| (name.clone(), value))))
        .collect()
}

/// Joins a text: texts as they are, everything else as JSON.
fn render_text(pieces: &[Piece], inputs: &Inputs<'_>) -> Result<String, ToolError> {
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(plain) => text.push_str(plain),
            Piece::Reference(reference) => match inputs.find(reference)? {
                Some(Value::String(plain)) => text.push_str(&plain),
                Some(value) => text.push_str(&value.to_string()),
                None => {}
            },
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests;
