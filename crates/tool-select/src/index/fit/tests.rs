use crate::{Fit, Index, Search, ToolCard};

fn index() -> Index {
    let mut index = Index::new();
    index.insert(&ToolCard::new("find_film").description("Finds a film.").param("city", "for example Rome")).unwrap();
    index
}

#[track_caller]
fn check(text: &str, coverage: f64) {
    let found = index().search(&Search::new(text));
    assert!((found.coverage - coverage).abs() < 1e-12, "{text}: {}", found.coverage);
}

#[test]
fn coverage_is_the_matched_share_of_weights() {
    check("film", 1.0);
    check("film zebra", 0.5);
    // A word of like meaning counts 0.4, one that stands in parameters alone half, a number 0.2.
    check("movie", 0.4);
    check("rome", 0.5);
    check("film 77", 1.0 / 1.2);
    check("zebra", 0.0);
    check("", 0.0);
}

#[test]
fn too_little_coverage_fits_not() {
    let fit = |text: &str| index().search(&Search::new(text)).fit;
    assert_eq!(fit("film"), Fit::Fits);
    assert_eq!(fit("film zebra lion tiger bear wolf fox"), Fit::Fits);
    assert_eq!(fit("film zebra lion tiger bear wolf fox eagle hawk"), Fit::NoneFits);
    assert_eq!(fit("zebra"), Fit::NoneFits);
}

#[test]
fn very_name_fits_whatever_is_covered() {
    let mut index = index();
    index.insert(&ToolCard::new("the")).unwrap();
    assert_eq!(index.search(&Search::new("The")).fit, Fit::Fits);
}

#[test]
fn pinned_tool_makes_nothing_fit() {
    let found = index().search(&Search::new("zebra").pin("find_film"));
    assert_eq!((found.fit, found.hits.len()), (Fit::NoneFits, 1));
}
