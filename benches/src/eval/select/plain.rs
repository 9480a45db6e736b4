//! What would a plain search find?

use std::collections::HashMap;

use super::metrics::DEPTH;

const K1: f64 = 1.5;
const B: f64 = 0.75;

/// BM25 over one text per tool, as common tool searches do it: lower-case words, nothing split, stemmed or left out;
/// repeated words of a request count repeatedly.
///
/// Source: Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009).
pub(super) struct Plain<'t> {
    ids: Vec<&'t str>,
    lengths: Vec<f64>,
    average: f64,
    postings: HashMap<String, Vec<(usize, f64)>>,
}

impl<'t> Plain<'t> {
    pub(super) fn new(tools: impl Iterator<Item = (&'t str, String)>) -> Self {
        let (mut ids, mut lengths, mut postings) = (Vec::new(), Vec::new(), HashMap::<_, Vec<_>>::new());
        for (at, (id, text)) in tools.enumerate() {
            let mut counts: HashMap<String, f64> = HashMap::new();
            let mut length = 0.0;
            for word in words(&text) {
                *counts.entry(word).or_default() += 1.0;
                length += 1.0;
            }
            ids.push(id);
            lengths.push(length);
            counts.into_iter().for_each(|(word, count)| postings.entry(word).or_default().push((at, count)));
        }
        let average = lengths.iter().sum::<f64>() / (lengths.len().max(1) as f64);
        Self { ids, lengths, average, postings }
    }

    /// Returns the best ten; equals by id.
    pub(super) fn search(&self, text: &str) -> Vec<&'t str> {
        let mut scores = vec![0.0; self.ids.len()];
        for word in words(text) {
            let Some(postings) = self.postings.get(&word) else { continue };
            let (all, having) = (self.ids.len() as f64, postings.len() as f64);
            let rarity = (1.0 + (all - having + 0.5) / (having + 0.5)).ln();
            for (at, count) in postings {
                let norm = K1 * (1.0 - B + B * self.lengths[*at] / self.average);
                scores[*at] += rarity * count * (K1 + 1.0) / (count + norm);
            }
        }
        let mut found: Vec<(f64, &str)> =
            scores.into_iter().zip(self.ids.iter().copied()).filter(|(score, _)| *score > 0.0).collect();
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
        found.into_iter().take(DEPTH).map(|(_, id)| id).collect()
    }
}

/// Returns the runs of letters, digits and underscores, lower-case.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).map(str::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain() -> Plain<'static> {
        Plain::new(
            [("b", "send a letter"), ("a", "send a letter"), ("c", "read_file")]
                .map(|(id, text)| (id, text.to_owned()))
                .into_iter(),
        )
    }

    #[test]
    fn whole_words_match_and_equals_stand_by_id() {
        assert_eq!(plain().search("Send!"), ["a", "b"]);
        assert_eq!(plain().search("file sends"), Vec::<&str>::new());
        assert_eq!(plain().search("READ_FILE"), ["c"]);
    }
}
