//! Whether a condition holds for every row: `1 = 1`, `id = id`, `a = 1 OR true`.

use super::list::List;
use super::tokens::Token;
use super::{is, is_any};

/// What a part of a condition says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Value {
    True,
    False,
    Unknown,
}

impl Value {
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::True, _) | (_, Self::True) => Self::True,
            (Self::False, Self::False) => Self::False,
            _ => Self::Unknown,
        }
    }

    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::False, _) | (_, Self::False) => Self::False,
            (Self::True, Self::True) => Self::True,
            _ => Self::Unknown,
        }
    }

    fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
        }
    }
}

/// Tokens of one comparison that are looked at; a longer one says nothing.
const MAX_LEAF: usize = 16;
/// Comparisons beside one another that are held against each other.
const MAX_TERMS: usize = 8;

/// A part of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part<'t> {
    Token(Token<'t>),
    /// What was in brackets.
    Group(Value),
    /// A question in brackets that answers a row whatever the tables hold.
    Row,
}

/// What stands in one pair of brackets.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "what was read, each by itself")]
struct Level<'t> {
    /// The terms before the last OR.
    or: Value,
    /// The factors before the last AND, in the term that is read.
    and: Value,
    leaf: Vec<Part<'t>>,
    long: bool,
    /// Whether a list or question is in it.
    list: bool,
    question: bool,
    from: bool,
    /// The last OR was written as one that joins texts elsewhere.
    bars: bool,
    /// Comparisons of the terms so far that are nothing else: what, how, with what.
    terms: Vec<(Part<'t>, u8, Option<Part<'t>>)>,
    /// The term that is read is one comparison so far.
    single: bool,
    /// What is read may be another thing for another row, and whether anything before it may.
    varies: bool,
    varied: bool,
}

impl Level<'_> {
    fn new() -> Self {
        Self {
            or: Value::False,
            and: Value::True,
            leaf: Vec::new(),
            long: false,
            list: false,
            question: false,
            from: false,
            bars: false,
            terms: Vec::new(),
            single: true,
            varies: false,
            varied: false,
        }
    }
}

/// A condition while it is read.
#[derive(Debug)]
pub(super) struct Condition<'t> {
    levels: Vec<Level<'t>>,
    former: Option<Token<'t>>,
    before: Option<Token<'t>>,
    /// A name that is a column, unless it is that of a function.
    name: Option<Token<'t>>,
    /// CASE whose END was not read.
    cases: usize,
}

/// Nobody writes that many brackets inside one another.
const MAX_LEVELS: usize = 64;

impl<'t> Condition<'t> {
    pub(super) fn new() -> Self {
        Self { levels: vec![Level::new()], former: None, before: None, name: None, cases: 0 }
    }

    /// Whether CASE was read and not its END.
    pub(super) fn is_in_case(&self) -> bool {
        self.cases > 0
    }

    pub(super) fn take(&mut self, token: Token<'t>) {
        if let Token::Word(word) = token {
            self.cases += usize::from(is(word, "case"));
            self.cases = self.cases.saturating_sub(usize::from(is(word, "end")));
        }
        if self.levels.len() > MAX_LEVELS {
            return;
        }
        self.end_name(token == Token::Sign(b'('));
        let before = self.before.replace(token);
        let former = std::mem::replace(&mut self.former, before);
        match token {
            Token::Sign(b'?') => self.vary(),
            // A parameter by its name.
            Token::Word(_) if before == Some(Token::Sign(b':')) && former != before => self.vary(),
            Token::Word(_) | Token::Name(_) | Token::Coded if may_vary(token, before, former) => {
                self.name = Some(token);
            }
            _ => {}
        }
        let Some(level) = self.levels.last_mut() else { return };
        match token {
            Token::Sign(b'(') => self.levels.push(Level::new()),
            Token::Sign(b')') => self.close(),
            Token::Sign(b',') => level.list = true,
            // The first of two signs is a part so far.
            Token::Sign(b'|') if before == Some(token) => {
                level.leaf.pop();
                if level.leaf.iter().any(is_comparison) {
                    level.or();
                    level.bars = true;
                } else {
                    level.long = true;
                }
            }
            Token::Sign(b'&') if before == Some(token) => {
                level.leaf.pop();
                level.and();
            }
            Token::Word(word) if is(word, "or") => level.or(),
            Token::Word(word) if is(word, "and") => level.and(),
            Token::Word(word) if is_any(word, &["select", "values", "table", "with"]) => {
                level.question = true;
            }
            Token::Word(word) if is(word, "from") => level.from = true,
            _ => level.push(Part::Token(token)),
        }
    }

    fn vary(&mut self) {
        if let Some(level) = self.levels.last_mut() {
            level.varies = true;
        }
    }

    /// Decides on the name that was read, by whether brackets follow.
    fn end_name(&mut self, is_function: bool) {
        let Some(name) = self.name.take() else { return };
        let is_random = matches!(name, Token::Word(word) if RANDOM.has(word));
        if !is_function || is_random {
            self.vary();
        }
    }

    fn close(&mut self) {
        if self.levels.len() < 2 {
            return;
        }
        let Some(mut inner) = self.levels.pop() else { return };
        let varies = inner.varies || inner.varied || inner.from;
        let Some(level) = self.levels.last_mut() else { return };
        let starts = level.leaf.iter().all(|part| {
            matches!(part, Part::Token(Token::Word(word)) if is(word, "not"))
                || *part == Part::Token(Token::Sign(b'!'))
        });
        let exists = matches!(level.leaf.last(), Some(Part::Token(Token::Word(word))) if is(word, "exists"));
        let part = match () {
            () if inner.question && !inner.from && exists => Part::Row,
            () if starts && !inner.list && !inner.question => Part::Group(inner.value()),
            () => Part::Group(Value::Unknown),
        };
        level.push(part);
        level.varies |= varies;
    }

    /// Whether it holds for every row.
    pub(super) fn holds(mut self) -> bool {
        if self.levels.len() > MAX_LEVELS {
            return true;
        }
        self.end_name(false);
        while self.levels.len() > 1 {
            self.close();
        }
        self.levels.last_mut().is_some_and(|level| level.value() == Value::True)
    }
}

impl<'t> Level<'t> {
    fn push(&mut self, part: Part<'t>) {
        if self.leaf.len() < MAX_LEAF {
            self.leaf.push(part);
        } else {
            self.long = true;
        }
    }

    fn factor(&mut self) -> Value {
        let text = matches!(self.leaf.as_slice(), [Part::Token(Token::Text(_))]);
        let known = if self.long { Value::Unknown } else { leaf(&self.leaf) };
        let value = match known {
            _ if self.bars && text => Value::Unknown,
            // Whatever it is, it is so for every row.
            Value::Unknown if !self.varies && !self.leaf.is_empty() => Value::True,
            known => known,
        };
        self.leaf.clear();
        self.varied |= self.varies;
        (self.long, self.bars, self.varies) = (false, false, false);
        value
    }

    fn and(&mut self) {
        self.single = false;
        let value = self.factor();
        self.and = self.and.and(value);
    }

    fn or(&mut self) {
        if self.single && !self.long && self.contradicts() {
            self.or = Value::True;
        }
        let value = self.factor();
        self.or = self.or.or(self.and.and(value));
        (self.and, self.single) = (Value::True, true);
    }

    fn value(&mut self) -> Value {
        self.or();
        self.or
    }

    /// Whether the comparison that was read holds just where one before it does not.
    fn contradicts(&mut self) -> bool {
        let Some(term) = comparison(&self.leaf) else { return false };
        let opposite = (term.0, term.1 ^ 1, term.2);
        let found = self.terms.iter().any(|known| {
            same(&known.0, &opposite.0)
                && known.1 == opposite.1
                && match (&known.2, &opposite.2) {
                    (Some(one), Some(other)) => same(one, other),
                    (None, None) => true,
                    _ => false,
                }
        });
        if self.terms.len() < MAX_TERMS {
            self.terms.push(term);
        }
        found
    }
}

/// Functions that answer something else for each row.
const RANDOM: List =
    List::new(&["rand", "random", "newid", "randomblob", "uuid", "gen_random_uuid", "rand32", "rand64"]);

/// Words of conditions that name no column.
const WORDS: List = List::new(&[
    "and", "or", "not", "is", "in", "like", "ilike", "rlike", "regexp", "glob", "similar", "to", "between",
    "case", "when", "then", "else", "end", "any", "all", "some", "exists", "null", "true", "false", "xor",
    "div", "mod", "escape", "collate", "as", "select", "values", "distinct", "array", "row", "limit",
    "binary",
]);

/// Whether a word may be a column or a parameter.
fn may_vary(token: Token<'_>, before: Option<Token<'_>>, former: Option<Token<'_>>) -> bool {
    // A type or an order of letters.
    let is_type = matches!(before, Some(Token::Word(word)) if is_any(word, &["as", "collate"]))
        || (before == Some(Token::Sign(b':')) && former == before);
    let is_column = match token {
        Token::Word(word) => !word.first().is_some_and(u8::is_ascii_digit) && !WORDS.has(word),
        _ => true,
    };
    is_column && !is_type
}

fn same(one: &Part<'_>, other: &Part<'_>) -> bool {
    let text = |part: &Part<'_>| match part {
        Part::Token(Token::Word(text) | Token::Name(text)) => Some(text.to_ascii_lowercase()),
        _ => None,
    };
    match (text(one), text(other)) {
        (Some(one), Some(other)) => one == other,
        _ => one == other,
    }
}

fn is_comparison(part: &Part<'_>) -> bool {
    matches!(part, Part::Token(Token::Sign(b'=' | b'<' | b'>')))
}

fn is_constant(part: &Part<'_>) -> bool {
    match part {
        Part::Token(Token::Text(_)) => true,
        Part::Token(Token::Word(word)) => {
            word.first().is_some_and(u8::is_ascii_digit) || is_any(word, &["true", "false"])
        }
        _ => false,
    }
}

/// What a comparison says without the rows.
fn leaf(parts: &[Part<'_>]) -> Value {
    match parts {
        [] => Value::Unknown,
        [Part::Token(Token::Word(word)), rest @ ..] if is(word, "not") => leaf(rest).not(),
        [Part::Token(Token::Sign(b'!')), rest @ ..] if !rest.is_empty() => leaf(rest).not(),
        [Part::Token(Token::Word(word)), Part::Row] if is(word, "exists") => Value::True,
        [Part::Group(value)] => *value,
        [Part::Token(Token::Word(word))] if is_any(word, &["false", "null"]) => Value::False,
        [Part::Token(Token::Word(word))] if word.first().is_some_and(u8::is_ascii_digit) => {
            let zero = word.iter().all(|byte| matches!(byte, b'0' | b'x' | b'X'));
            if zero { Value::False } else { Value::True }
        }
        [one] => {
            if is_constant(one) {
                Value::True
            } else {
                Value::Unknown
            }
        }
        parts => compared(parts),
    }
}

/// What holds between two sides that are the same, or both constant.
fn compared(parts: &[Part<'_>]) -> Value {
    let word = |part: &Part<'_>, words: &[&str]| matches!(part, Part::Token(Token::Word(word)) if is_any(word, words));
    let is_sign = |part: &Part<'_>| matches!(part, Part::Token(Token::Sign(b'=' | b'<' | b'>' | b'!')));
    let operator =
        |part: &Part<'_>| is_sign(part) || word(part, &["like", "ilike", "rlike", "regexp", "is", "glob"]);
    let Some(at) = parts.iter().position(operator) else {
        // An arithmetic of constants.
        let number = parts.iter().all(|part| {
            is_constant(part) || matches!(part, Part::Token(Token::Sign(b'+' | b'-' | b'*' | b'/' | b'.')))
        });
        return if number { Value::True } else { Value::Unknown };
    };
    let left = parts.get(..at).unwrap_or_default();
    let rest = parts.get(at..).unwrap_or_default();
    let signs = rest.iter().take_while(|part| is_sign(part)).count().max(1);
    let (how, right) = rest.split_at_checked(signs).unwrap_or((rest, &[]));
    // `1 = 1 COLLATE x` and `id = (id)`
    if left.is_empty() || right.is_empty() {
        return Value::Unknown;
    }
    let equal = matches!(how, [Part::Token(Token::Sign(b'='))])
        || matches!(how, [Part::Token(Token::Sign(b'=')), Part::Token(Token::Sign(b'='))])
        || matches!(how, [Part::Token(Token::Sign(b'<' | b'>')), Part::Token(Token::Sign(b'='))])
        || how.len() == 3
        || how.first().is_some_and(|part| word(part, &["like", "ilike", "rlike", "regexp", "glob", "is"]));
    let alike = left.len() == right.len() && left.iter().zip(right).all(|(one, other)| same(one, other));
    let placeholder = left.iter().any(|part| matches!(part, Part::Token(Token::Sign(b'?'))));
    if alike && !placeholder && !left.contains(&Part::Group(Value::Unknown)) {
        return if equal { Value::True } else { Value::False };
    }
    if how.first().is_some_and(|part| word(part, &["like", "ilike"]))
        && matches!(right, [Part::Token(Token::Text(text))] if !text.is_empty() && text.iter().all(|byte| *byte == b'%'))
        && !left.iter().any(|part| word(part, &["not"]))
    {
        return Value::True;
    }
    let constant = |side: &[Part<'_>]| side.iter().all(is_constant);
    if constant(left) && constant(right) {
        // Whoever compares constants knows what comes out.
        return if matches!(how, [Part::Token(Token::Sign(b'='))]) { Value::False } else { Value::True };
    }
    Value::Unknown
}

/// A comparison of one thing with one other, or with NULL: what, how (the opposite of which differs in the last bit),
/// with what.
fn comparison<'t>(parts: &[Part<'t>]) -> Option<(Part<'t>, u8, Option<Part<'t>>)> {
    let is_word =
        |part: &Part<'_>, name: &str| matches!(part, Part::Token(Token::Word(word)) if is(word, name));
    match parts {
        [what, is, null] if is_word(is, "is") && is_word(null, "null") => Some((*what, 0, None)),
        [what, is, not, null] if is_word(is, "is") && is_word(not, "not") && is_word(null, "null") => {
            Some((*what, 1, None))
        }
        [what, Part::Token(Token::Sign(sign)), with] => Some((
            *what,
            match sign {
                b'=' => 2,
                b'<' => 4,
                b'>' => 6,
                _ => return None,
            },
            Some(*with),
        )),
        [what, Part::Token(Token::Sign(first)), Part::Token(Token::Sign(second)), with] => {
            let how = match (first, second) {
                (b'<', b'>') | (b'!', b'=') => 3,
                (b'>', b'=') => 5,
                (b'<', b'=') => 7,
                _ => return None,
            };
            Some((*what, how, Some(*with)))
        }
        _ => None,
    }
}
