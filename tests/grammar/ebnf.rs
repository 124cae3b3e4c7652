//! Reads `grammar/casebook.ebnf`, and makes sentences from it.

use crate::random::Random;
use std::collections::HashMap;

/// The right side of a production, or a part of one.
enum Part {
    Literal(String),
    /// A name in capitals: described in words in the grammar, and known here.
    Token(String),
    Production(String),
    Sequence(Vec<Part>),
    Choice(Vec<Part>),
    /// At least and at most so many times.
    Repeat(Box<Part>, usize, usize),
    /// `a - "w" - "v"`: does not begin with these words.
    Unless(Box<Part>, Vec<String>),
    /// `{ a & b }`, or with commas `{ a &, b }`.
    AnyOrder {
        parts: Vec<Part>,
        commas: bool,
    },
}

pub struct Grammar {
    productions: HashMap<String, Part>,
    /// How many productions at least stand in one another in a sentence of each.
    heights: HashMap<String, usize>,
}

/// How many productions may stand in one another before the shortest way out is taken.
const FUEL: usize = 30;

const ENDLESS: usize = 1_000;

/// Connecting words are among them: where the grammar says WORD, no word is a keyword.
const WORDS: &[&str] = &[
    "penang",
    "Industry",
    "x-1",
    "_y",
    "1a",
    "größe",
    "工业",
    "e\u{301}t",
    "in",
    "where",
    "show",
    "and",
    "by",
    "limit",
    "1990-plans",
];
const LINK_WORDS: &[&str] = &["penang", "Industry", "x-1", "_y", "1a", "größe", "工业"];
const TEXTS: &[&str] = &[r#""p. 1""#, r#""a \"b\" \\ \n\t\u{7}""#, r#""in""#, r##""# ; ) é""##];

impl Grammar {
    pub fn read(text: &str) -> Grammar {
        let mut reader = Reader { tokens: tokens(text), at: 0 };
        let mut productions = HashMap::new();
        while let Some(name) = reader.next() {
            assert_eq!(reader.next().as_deref(), Some("::="), "behind `{name}`");
            let earlier = productions.insert(name.clone(), reader.choice());
            assert!(earlier.is_none(), "`{name}` stands twice in the grammar");
        }
        let mut grammar = Grammar { productions, heights: HashMap::new() };
        grammar.measure();
        grammar
    }

    pub fn names(&self) -> impl Iterator<Item = &String> {
        self.productions.keys()
    }

    /// The productions between which this one chooses.
    pub fn alternatives(&self, name: &str) -> Vec<String> {
        let Part::Choice(parts) = &self.productions[name] else { panic!("`{name}` is no choice") };
        let names = parts.iter().map(|part| match part {
            Part::Production(name) => name.clone(),
            _ => panic!("`{name}` chooses between more than names"),
        });
        names.collect()
    }

    /// A sentence of the production.
    pub fn sentence(&self, production: &str, random: &mut Random) -> String {
        let mut words = Vec::new();
        self.write(&Part::Production(production.to_string()), FUEL, random, &mut words);
        let mut sentence = String::new();
        let mut glued = true;
        for word in words {
            if !glued && word != "." {
                sentence.push(' ');
            }
            glued = word == ".";
            sentence.push_str(&word);
        }
        sentence
    }

    fn write(&self, part: &Part, fuel: usize, random: &mut Random, words: &mut Vec<String>) {
        match part {
            Part::Literal(word) if random.below(8) == 0 => words.push(word.to_uppercase()),
            Part::Literal(word) => words.push(word.clone()),
            Part::Token(token) => words.push(example(token, random)),
            Part::Production(name) => {
                let right = self.productions.get(name).unwrap_or_else(|| panic!("no production `{name}`"));
                self.write(right, fuel.saturating_sub(1), random, words);
            }
            Part::Sequence(parts) => parts.iter().for_each(|part| self.write(part, fuel, random, words)),
            Part::Choice(parts) => self.write(self.choose(parts, fuel, random), fuel, random, words),
            Part::Repeat(part, least, most) => {
                let times = if fuel == 0 { *least } else { least + random.below(most - least + 1) };
                (0..times).for_each(|_| self.write(part, fuel, random, words));
            }
            Part::Unless(part, excluded) => loop {
                let mut attempt = Vec::new();
                self.write(part, fuel, random, &mut attempt);
                let begins = |word: &String| attempt.first().is_some_and(|f| f.eq_ignore_ascii_case(word));
                if !excluded.iter().any(begins) {
                    return words.append(&mut attempt);
                }
            },
            Part::AnyOrder { parts, commas } => self.write_some(parts, *commas, fuel, random, words),
        }
    }

    fn choose<'a>(&self, parts: &'a [Part], fuel: usize, random: &mut Random) -> &'a Part {
        let fitting: Vec<&Part> = parts.iter().filter(|part| self.height(part) <= fuel).collect();
        let shortest = || parts.iter().min_by_key(|part| self.height(part)).expect("a choice has parts");
        if fitting.is_empty() { shortest() } else { random.one_of(&fitting) }
    }

    fn write_some(
        &self,
        parts: &[Part],
        commas: bool,
        fuel: usize,
        random: &mut Random,
        words: &mut Vec<String>,
    ) {
        let mut some: Vec<&Part> = Vec::new();
        for part in parts {
            match part {
                Part::Repeat(part, ..) => some.extend((0..random.below(3)).map(|_| &**part)),
                part if random.below(3) == 0 => some.push(part),
                _ => {}
            }
        }
        if some.is_empty() && commas {
            some.push(&parts[random.below(parts.len())]);
        }
        random.shuffle(&mut some);
        for (position, part) in some.iter().enumerate() {
            if commas && position > 0 {
                words.push(",".to_string());
            }
            self.write(part, fuel, random, words);
        }
    }

    /// Finds the heights of all productions, from the lowest upwards.
    fn measure(&mut self) {
        loop {
            let heights: HashMap<String, usize> =
                self.productions.iter().map(|(name, part)| (name.clone(), self.height(part) + 1)).collect();
            if heights == self.heights {
                break;
            }
            self.heights = heights;
        }
        let endless: Vec<&String> = self.names().filter(|name| self.heights[*name] >= ENDLESS).collect();
        assert!(endless.is_empty(), "no sentence of {endless:?} ends");
    }

    fn height(&self, part: &Part) -> usize {
        let highest = |parts: &[Part]| parts.iter().map(|part| self.height(part)).max().unwrap_or(0);
        match part {
            Part::Literal(_) | Part::Token(_) | Part::Repeat(_, 0, _) => 0,
            Part::Production(name) => self.heights.get(name).copied().unwrap_or(ENDLESS).min(ENDLESS),
            Part::Sequence(parts) => highest(parts),
            Part::Choice(parts) => parts.iter().map(|part| self.height(part)).min().unwrap_or(0),
            Part::Repeat(part, ..) | Part::Unless(part, _) => self.height(part),
            Part::AnyOrder { .. } => 0,
        }
    }
}

/// An example of a token that the grammar describes in words.
fn example(token: &str, random: &mut Random) -> String {
    let examples: &[&str] = match token {
        "WORD" => WORDS,
        "LINK_WORD" | "VARIABLE" => LINK_WORDS,
        "NAME" => return example(random.one_of(&["WORD", "WORD", "TEXT"]), random),
        "LINK_NAME" => return example(random.one_of(&["LINK_WORD", "LINK_WORD", "TEXT"]), random),
        "TEXT" => TEXTS,
        "PARAMETER" => &["$p", "$in"],
        "NUMBER" => &["0", "2000", "-3", "16.1", "-0.50"],
        "WHOLE" => &["0", "10", "18446744073709551615"],
        "DECADE" => &["1990s", "0010s", "1870S"],
        "PART" => &["mid-1990s", "Early-2000s", "late-1870s"],
        "DATE" => &["2005-09-20", "2000-02-29"],
        "CLAIM" => &["c1.20", "C3.0"],
        "LINE" => &["\n", "\n\n", "# a comment }\n", "\r\n"],
        other => panic!("the grammar does not describe `{other}`"),
    };
    random.one_of(examples).to_string()
}

// ---- reading ------------------------------------------------------------------------------------

struct Reader {
    tokens: Vec<String>,
    at: usize,
}

impl Reader {
    fn peek(&self) -> &str {
        self.tokens.get(self.at).map_or("", String::as_str)
    }

    fn next(&mut self) -> Option<String> {
        self.at += 1;
        self.tokens.get(self.at - 1).cloned()
    }

    fn take(&mut self, token: &str) -> bool {
        let there = self.peek() == token;
        self.at += usize::from(there);
        there
    }

    fn choice(&mut self) -> Part {
        let mut parts = vec![self.sequence()];
        while self.take("|") {
            parts.push(self.sequence());
        }
        if parts.len() == 1 { parts.remove(0) } else { Part::Choice(parts) }
    }

    fn sequence(&mut self) -> Part {
        let mut parts = Vec::new();
        while !["", "|", ")", "}", "&", "&,"].contains(&self.peek()) && !self.begins_production() {
            parts.push(self.repeat());
        }
        if parts.len() == 1 { parts.remove(0) } else { Part::Sequence(parts) }
    }

    fn begins_production(&self) -> bool {
        self.tokens.get(self.at + 1).is_some_and(|token| token == "::=")
    }

    fn repeat(&mut self) -> Part {
        let part = self.single();
        let mut excluded = Vec::new();
        while self.take("-") {
            let literal = self.next().expect("a word behind `-`");
            excluded.push(literal.trim_start_matches('"').to_string());
        }
        if !excluded.is_empty() {
            return Part::Unless(Box::new(part), excluded);
        }
        let (least, most) = match self.peek() {
            "?" => (0, 1),
            "*" => (0, 2),
            "+" => (1, 2),
            _ => return part,
        };
        self.at += 1;
        Part::Repeat(Box::new(part), least, most)
    }

    fn single(&mut self) -> Part {
        let token = self.next().expect("a production ends too early");
        if token == "(" {
            let inner = self.choice();
            assert!(self.take(")"), "expected `)`, found `{}`", self.peek());
            return inner;
        }
        if token == "{" {
            return self.any_order();
        }
        if let Some(literal) = token.strip_prefix('"') {
            return Part::Literal(literal.to_string());
        }
        let in_capitals = token.chars().all(|character| character.is_ascii_uppercase() || character == '_');
        if in_capitals { Part::Token(token) } else { Part::Production(token) }
    }

    fn any_order(&mut self) -> Part {
        let mut parts = vec![self.choice()];
        let commas = self.peek() == "&,";
        while self.take(if commas { "&," } else { "&" }) {
            parts.push(self.choice());
        }
        assert!(self.take("}"), "expected a closing brace, found `{}`", self.peek());
        Part::AnyOrder { parts, commas }
    }
}

/// Names and signs as they stand; literals with the quote before them.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let length = if rest.starts_with("/*") {
            rest.find("*/").expect("a comment is closed") + 2
        } else if let Some(literal) = rest.strip_prefix('"') {
            let end = literal.find('"').expect("a literal is closed");
            tokens.push(format!("\"{}", &literal[..end]));
            end + 2
        } else {
            let is_name = |character: char| character.is_ascii_alphanumeric() || character == '_';
            let length = match rest.find(|character| !is_name(character)) {
                Some(0) if rest.starts_with("::=") => 3,
                Some(0) if rest.starts_with("&,") => 2,
                Some(0) => 1,
                Some(length) => length,
                None => rest.len(),
            };
            tokens.push(rest[..length].to_string());
            length
        };
        rest = rest[length..].trim_start();
    }
    tokens
}
