//! How do people read the figures?

use std::fmt::Write;

use super::document::Document;
use super::score::Graded;

/// How many of the named suspects a miss shows.
const SHOWN: usize = 4;

/// Returns the figures as aligned tables.
pub(super) fn show(document: &Document) -> String {
    let mut text = String::new();
    // Writing into a string does not fail.
    let _ = write(&mut text, document);
    text
}

fn write(out: &mut String, document: &Document) -> std::fmt::Result {
    let Document { sets, cases, top1, top3, normal_windows, false_alarms } = document;
    let wide = sets.iter().map(|set| set.name.chars().count()).max().unwrap_or_default().max("in all".len());
    writeln!(out, "{:<wide$}  {:>5}  {:>5}  {:>8}  {:>6}", "set", "cases", "first", "in three", "mrr %")?;
    for set in sets {
        writeln!(out, "{:<wide$}  {:>5}  {:>5}  {:>8}  {:>6.1}", set.name, set.cases, set.top1, set.top3, set.mrr)?;
    }
    writeln!(out, "{:<wide$}  {cases:>5}  {top1:>5}  {top3:>8}", "in all")?;
    if *normal_windows > 0 {
        let share = 100.0 * *false_alarms as f64 / *normal_windows as f64;
        writeln!(out, "\nnormal windows {normal_windows}, false alarms {false_alarms} ({share:.1} %)")?;
    }
    for set in sets.iter().filter(|set| !set.misses.is_empty()) {
        writeln!(out, "\n{}: right cause not first", set.name)?;
        let wide = set.misses.iter().map(|miss| miss.case.chars().count()).max().unwrap_or_default();
        for miss in &set.misses {
            writeln!(out, "  {:<wide$}  wanted {}, got {}", miss.case, miss.wanted, got(miss))?;
        }
    }
    Ok(())
}

/// Returns who was named, the right one with its place if it comes later.
fn got(miss: &Graded) -> String {
    if miss.got.is_empty() {
        return "nobody".to_owned();
    }
    let mut names: Vec<String> = miss.got.iter().take(SHOWN).cloned().collect();
    match miss.got.iter().position(|code| *code == miss.wanted) {
        Some(place) if place >= SHOWN => names.push(format!("… {}. {}", place + 1, miss.wanted)),
        _ if miss.got.len() > SHOWN => names.push("…".to_owned()),
        _ => {}
    }
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::investigate::document::Calm;
    use crate::investigate::score::SetScore;

    fn case(name: &str, got: &str) -> Graded {
        let got = got.split_whitespace().map(str::to_owned).collect();
        Graded { case: name.to_owned(), wanted: "x".to_owned(), got }
    }

    #[test]
    fn table_is_aligned_and_tells_misses() {
        let graded = vec![case("a/1", "x"), case("a/10", "a x"), case("b/2", "a b c d e x"), case("b/3", "")];
        let document = Document::of(vec![SetScore::of("low_traffic", graded)], Calm { windows: 200, alarms: 7 });
        let expected = "\
set          cases  first  in three   mrr %
low_traffic      4      1         2    41.7
in all           4      1         2

normal windows 200, false alarms 7 (3.5 %)

low_traffic: right cause not first
  a/10  wanted x, got a, x
  b/2   wanted x, got a, b, c, d, … 6. x
  b/3   wanted x, got nobody
";
        assert_eq!(show(&document), expected);
    }
}
