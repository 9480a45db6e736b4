//! Which history does a question name, work or maintenance?

use crate::estate::WorkKind;

/// Words that name a history, in English and Korean; lower case.
const WORDS: [(&str, WorkKind); 15] = [
    ("maintenance", WorkKind::Maintenance),
    ("upkeep", WorkKind::Maintenance),
    ("inspection", WorkKind::Maintenance),
    ("repair", WorkKind::Maintenance),
    ("유지보수", WorkKind::Maintenance),
    ("정비", WorkKind::Maintenance),
    ("점검", WorkKind::Maintenance),
    ("work", WorkKind::Work),
    ("change", WorkKind::Work),
    ("deployment", WorkKind::Work),
    ("deployed", WorkKind::Work),
    ("release", WorkKind::Work),
    ("작업", WorkKind::Work),
    ("변경", WorkKind::Work),
    ("배포", WorkKind::Work),
];

/// Returns the history a question names, or `None` if it names both or neither: then both are meant.
///
/// An English word counts where it begins a word of the question, so that "network" is not work; a Korean one wherever it
/// stands, since particles are written onto it.
pub(super) fn detect_section(question: &str) -> Option<WorkKind> {
    let question = question.to_lowercase();
    let named = |kind| WORDS.iter().any(|(word, of)| *of == kind && names(&question, word));
    match (named(WorkKind::Maintenance), named(WorkKind::Work)) {
        (true, false) => Some(WorkKind::Maintenance),
        (false, true) => Some(WorkKind::Work),
        _ => None,
    }
}

fn names(question: &str, word: &str) -> bool {
    if !word.is_ascii() {
        return question.contains(word);
    }
    question.split(|c: char| !c.is_alphanumeric()).any(|of| of.starts_with(word))
}

#[cfg(test)]
mod tests;
