//! What does a folder of tools and queries hold?

use std::{collections::HashMap, fs, path::Path};

use serde::{Deserialize, de::DeserializeOwned};
use tool_select::ToolCard;

use crate::error::Result;

/// One folder.
pub(super) struct Set {
    pub(super) name: String,
    pub(super) questions: Questions,
}

/// What is asked, of which tools.
pub(super) enum Questions {
    /// All of one catalogue.
    OfCatalogue { tools: Vec<Tool>, queries: Vec<Query> },
    /// Each of its own few tools: is anything found at all?
    OfCandidates(Vec<CandidateQuery>),
}

/// A tool as the files describe it.
#[derive(Debug, Deserialize)]
pub(super) struct Tool {
    #[serde(default)]
    id: Option<String>,
    name: String,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    params: Vec<Param>,
    #[serde(default)]
    category: Option<String>,
    #[serde(default)]
    server: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Param {
    name: String,
    #[serde(default)]
    description: Option<String>,
}

/// A request, and the tools that are right.
#[derive(Debug, Deserialize)]
pub(super) struct Query {
    pub(super) query: String,
    pub(super) gold: Vec<String>,
}

/// A request with its own tools.
#[derive(Debug, Deserialize)]
pub(super) struct CandidateQuery {
    pub(super) query: String,
    pub(super) candidates: Vec<Tool>,
    pub(super) answerable: bool,
}

impl Tool {
    pub(super) fn id(&self) -> &str {
        self.id.as_deref().unwrap_or(&self.name)
    }

    pub(super) fn card(&self) -> ToolCard {
        let around: Vec<&str> = [&self.server, &self.category].into_iter().flatten().map(String::as_str).collect();
        let card = ToolCard::new(&self.name)
            .id(self.id())
            .description(self.description.as_deref().unwrap_or_default())
            .namespace(around.join("; "));
        self.params
            .iter()
            .fold(card, |card, param| card.param(&param.name, param.description.as_deref().unwrap_or_default()))
    }

    /// Returns name, description and parameters as one text, as a plain search reads them.
    pub(super) fn text(&self) -> String {
        let params = self.params.iter().flat_map(|param| [Some(&param.name), param.description.as_ref()]);
        let parts = [Some(&self.name), self.description.as_ref()].into_iter().chain(params).flatten();
        parts.map(String::as_str).collect::<Vec<_>>().join(" ")
    }
}

/// Reads a set, or every set in a folder, by name.
///
/// # Errors
///
/// If there is none, a file is not laid out as documented, or a right answer names no tool.
pub(super) fn read(folder: &Path) -> Result<Vec<Set>> {
    if folder.join("queries.jsonl").is_file() {
        return Ok(vec![set(folder)?]);
    }
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut folders = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    folders.retain(|folder| folder.join("queries.jsonl").is_file());
    folders.sort();
    if folders.is_empty() {
        return Err(format!("{}: no folder here has a `queries.jsonl`", folder.display()).into());
    }
    folders.iter().map(|folder| set(folder)).collect()
}

fn set(folder: &Path) -> Result<Set> {
    let name = folder.file_name().map_or_else(|| "set".into(), |name| name.to_string_lossy().into_owned());
    let (tools, queries) = (folder.join("tools.jsonl"), folder.join("queries.jsonl"));
    if !tools.is_file() {
        return Ok(Set { name, questions: Questions::OfCandidates(lines(&queries)?) });
    }
    let (tools, queries): (Vec<Tool>, Vec<Query>) = (lines(&tools)?, lines(&queries)?);
    let known: HashMap<&str, ()> = tools.iter().map(|tool| (tool.id(), ())).collect();
    if let Some(stray) = queries.iter().flat_map(|query| &query.gold).find(|gold| !known.contains_key(gold.as_str())) {
        return Err(format!("{}: a query wants `{stray}`, which is no tool's id", folder.display()).into());
    }
    Ok(Set { name, questions: Questions::OfCatalogue { tools, queries } })
}

/// Reads one JSON object a line.
fn lines<T: DeserializeOwned>(file: &Path) -> Result<Vec<T>> {
    let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let read = |(at, line): (usize, &str)| {
        serde_json::from_str(line).map_err(|error| format!("{}:{}: {error}", file.display(), at + 1).into())
    };
    text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(read).collect()
}
