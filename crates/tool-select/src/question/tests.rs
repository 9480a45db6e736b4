use super::*;

fn shown(text: &str) -> Vec<String> {
    Question::of(text).asks.into_iter().map(|ask| ask.shown).collect()
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(shown(text), expected, "{text}");
}

#[test]
fn only_words_that_say_something_are_asked_for() {
    check("Please, could you help me?", &[]);
    check("What is the weather?", &["weather"]);
}

#[test]
fn neighbours_come_after_words() {
    check("book a cheap flight", &["book", "cheap", "flight", "book cheap", "cheap flight"]);
}

#[test]
fn values_stand_for_their_shape() {
    let email = shown("wake ann@example.org");
    assert_eq!(email[..6], ["wake", "ann", "example", "org", "exampleorg", "(a value: email)"]);
}

#[test]
fn repeats_count_once() {
    check("door doors DOOR", &["door", "door doors"]);
}

#[test]
fn like_words_answer_unless_asked_for() {
    let members =
        |text: &str| -> Vec<String> { Question::of(text).asks[0].terms.iter().map(|(term, _)| term.clone()).collect() };
    assert!(members("movie").contains(&"film".to_owned()));
    assert!(!members("movie film").contains(&"film".to_owned()));
}

#[test]
fn weights_follow_what_a_word_says() {
    let weights = |text: &str| -> Vec<f64> { Question::of(text).asks.iter().map(|ask| ask.weight).collect() };
    assert_eq!(weights("42 specific doors"), [NUMBER, LITTLE, 1.0, PAIR, PAIR]);
}

#[test]
fn request_is_bounded() {
    let letter = |n: u8| char::from(b'a' + n);
    let text: String = (0..200).map(|n| format!("q{}{}q ", letter(n / 20), letter(n % 20))).collect();
    let question = Question::of(&text);
    let words = question.asks.iter().filter(|ask| ask.kind != AskKind::Pair).count();
    assert_eq!((words, question.ignored), (MAX_WORDS, 200 - MAX_WORDS));
}
