//! Which tools are there to be found, and who asks for them?

use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::Rng;
use tool_select::ToolCard;

const VERBS: [&str; 24] = [
    "get",
    "list",
    "search",
    "create",
    "update",
    "delete",
    "send",
    "compute",
    "convert",
    "validate",
    "export",
    "import",
    "merge",
    "split",
    "schedule",
    "cancel",
    "approve",
    "archive",
    "compare",
    "translate",
    "summarize",
    "encrypt",
    "rotate",
    "publish",
];
const NOUNS: [&str; 48] = [
    "invoice",
    "customer",
    "order",
    "shipment",
    "ticket",
    "server",
    "cluster",
    "volume",
    "snapshot",
    "metric",
    "alert",
    "event",
    "calendar",
    "meeting",
    "contact",
    "message",
    "channel",
    "document",
    "folder",
    "image",
    "video",
    "playlist",
    "recipe",
    "ingredient",
    "flight",
    "hotel",
    "booking",
    "passenger",
    "route",
    "vehicle",
    "sensor",
    "device",
    "account",
    "payment",
    "refund",
    "currency",
    "portfolio",
    "stock",
    "article",
    "author",
    "review",
    "course",
    "student",
    "exam",
    "patient",
    "prescription",
    "contract",
    "license",
];
const FILLERS: [&str; 16] = [
    "by id",
    "in bulk",
    "for a period",
    "with filters",
    "as a table",
    "from a template",
    "for one owner",
    "and its tags",
    "sorted by date",
    "without duplicates",
    "in the background",
    "with a limit",
    "across regions",
    "for auditing",
    "on a schedule",
    "as plain text",
];
/// Syllables of words that only few tools have.
const SYLLABLES: [&str; 20] = [
    "ka", "lo", "mi", "ran", "tes", "vor", "zan", "pel", "dri", "qua", "bex", "ful", "gor", "hin", "jat", "nim", "sol",
    "tur", "wex", "yol",
];

/// Tools that are alike and differ, as in a large catalogue: common words in many, rare words in few.
pub(super) struct Catalogue {
    pub(super) cards: Vec<ToolCard>,
    abouts: Vec<[String; 4]>,
}

impl Catalogue {
    pub(super) fn new(tools: usize) -> Self {
        let mut dice = Dice(Pcg64Mcg::new(0x5EED_CA7A));
        let mut catalogue = Self { cards: Vec::with_capacity(tools), abouts: Vec::with_capacity(tools) };
        for number in 0..tools {
            let about =
                [dice.of(&VERBS).to_owned(), dice.of(&NOUNS).to_owned(), dice.rare(), dice.of(&FILLERS).to_owned()];
            catalogue.cards.push(card(number, &about, &mut dice));
            catalogue.abouts.push(about);
        }
        catalogue
    }

    /// Returns a request, and the name of the tool that it is about.
    pub(super) fn request(&self, number: usize) -> (String, &str) {
        let at = number * 7_919 % self.cards.len();
        let [verb, noun, rare, filler] = &self.abouts[at];
        let text = match number % 3 {
            0 => format!("{verb} the {noun} {rare}"),
            1 => format!("please {verb} my {rare} {noun} {filler}, number {number}"),
            _ => format!(
                "I would like to {verb} some {noun} of the {rare} kind {filler} before the next report is due {number}"
            ),
        };
        (text, self.cards[at].name())
    }
}

fn card(number: usize, about: &[String; 4], dice: &mut Dice) -> ToolCard {
    let [verb, noun, rare, filler] = about;
    let (other, third) = (dice.of(&NOUNS), dice.of(&NOUNS));
    let description = format!(
        "Use this to {verb} one {noun} of a {rare} {other} {filler}. Returns the {noun} with its {third} and {}.",
        dice.of(&FILLERS)
    );
    let card =
        ToolCard::new(format!("{rare}.{verb}_{noun}_{number}")).namespace(rare.as_str()).description(description);
    (0..3).fold(card, |card, _| {
        let (noun, filler) = (dice.of(&NOUNS), dice.of(&FILLERS));
        card.param(
            format!("{noun}_id"),
            format!("The id of the {noun}, given {filler}; a string of letters and digits."),
        )
    })
}

/// A seeded generator.
struct Dice(Pcg64Mcg);

impl Dice {
    fn below(&mut self, count: usize) -> usize {
        usize::try_from(self.0.next_u64() % count as u64).unwrap_or(0)
    }

    fn of(&mut self, words: &[&'static str]) -> &'static str {
        words[self.below(words.len())]
    }

    /// Returns one of 8,000 made words.
    fn rare(&mut self) -> String {
        (0..3).map(|_| self.of(&SYLLABLES)).collect()
    }
}
