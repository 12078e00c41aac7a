//! From words to a tree. From loosest to tightest: `||`, `&&`, `== !=`, `< <= > >= in`, `+ -`, `* / %`, `! -`.

use super::{
    lexer::{Token, Word, words},
    tree::{Comparison, Expression, Shape, Span},
};
use crate::policy::{
    limits::Limits,
    position::{Fault, Position},
    value::{Arithmetic, Number},
};

/// Parses a whole matcher or condition. `place` gives the position of a byte of `source`.
pub(crate) fn parse(source: &str, place: &dyn Fn(usize) -> Position, limits: &Limits) -> Result<Expression, Fault> {
    let tokens = words(source, place)?;
    let mut parser = Parser { tokens, next: 0, nodes: 0, depth: 0, limits };
    let tree = parser.either()?;
    match &parser.peek().word {
        Word::End => Ok(tree),
        word => Err(Fault::new(parser.peek().at, format!("expected an operator, found {}", shown(word)))),
    }
}

struct Parser<'a> {
    tokens: Vec<Token>,
    next: usize,
    nodes: usize,
    depth: usize,
    limits: &'a Limits,
}

fn shown(word: &Word) -> String {
    match word {
        Word::Name(name) => format!("`{name}`"),
        Word::Text(_) => "a text".to_owned(),
        Word::Number(number) => format!("`{number}`"),
        Word::Sign(sign) => format!("`{sign}`"),
        Word::End => "the end".to_owned(),
    }
}

impl Parser<'_> {
    // The last token is `End`, and nothing steps past it.
    fn peek(&self) -> &Token {
        &self.tokens[self.next.min(self.tokens.len() - 1)]
    }
    fn take(&mut self) -> Token {
        let token = self.peek().clone();
        self.next = (self.next + 1).min(self.tokens.len());
        token
    }
    fn sign(&mut self, signs: &[&'static str]) -> Option<&'static str> {
        match self.peek().word {
            Word::Sign(sign) if signs.contains(&sign) => {
                self.next += 1;
                Some(sign)
            }
            _ => None,
        }
    }
    fn expect(&mut self, sign: &'static str) -> Result<(), Fault> {
        if self.sign(&[sign]).is_some() {
            return Ok(());
        }
        Err(Fault::new(self.peek().at, format!("expected `{sign}`, found {}", shown(&self.peek().word))))
    }
    fn node(&mut self, shape: Shape, first: usize) -> Result<Expression, Fault> {
        self.nodes += 1;
        let start = &self.tokens[first];
        if self.nodes > self.limits.nodes {
            return Err(Fault::new(start.at, format!("more than {} terms", self.limits.nodes)));
        }
        let to = self.tokens[self.next.saturating_sub(1)].to;
        Ok(Expression { shape, span: Span { at: start.at, from: start.from, to } })
    }
    fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        self.depth += 1;
        if self.depth > self.limits.depth {
            return Err(Fault::new(self.peek().at, format!("nested deeper than {}", self.limits.depth)));
        }
        let result = inner(self);
        self.depth -= 1;
        result
    }

    fn either(&mut self) -> Result<Expression, Fault> {
        self.joined("||", Self::both, Shape::Or)
    }
    fn both(&mut self) -> Result<Expression, Fault> {
        self.joined("&&", Self::equality, Shape::And)
    }
    fn joined(
        &mut self,
        sign: &'static str,
        operand: fn(&mut Self) -> Result<Expression, Fault>,
        shape: fn(Vec<Expression>) -> Shape,
    ) -> Result<Expression, Fault> {
        let first = self.next;
        let mut operands = vec![operand(self)?];
        while self.sign(&[sign]).is_some() {
            operands.push(operand(self)?);
        }
        match operands.pop() {
            Some(only) if operands.is_empty() => Ok(only),
            Some(last) => {
                operands.push(last);
                self.node(shape(operands), first)
            }
            None => Err(Fault::new(self.peek().at, "expected a term")),
        }
    }
    fn equality(&mut self) -> Result<Expression, Fault> {
        let first = self.next;
        let left = self.order()?;
        let comparison = match self.sign(&["==", "!="]) {
            Some("==") => Comparison::Equal,
            Some(_) => Comparison::Unequal,
            None => return Ok(left),
        };
        let right = self.order()?;
        self.single(&["==", "!="])?;
        self.node(Shape::Compare(comparison, Box::new(left), Box::new(right)), first)
    }
    fn order(&mut self) -> Result<Expression, Fault> {
        const SIGNS: [&str; 4] = ["<", "<=", ">", ">="];
        let first = self.next;
        let left = self.sum()?;
        if matches!(&self.peek().word, Word::Name(name) if name == "in") {
            self.next += 1;
            let right = self.sum()?;
            return self.node(Shape::In(Box::new(left), Box::new(right)), first);
        }
        let comparison = match self.sign(&SIGNS) {
            Some("<") => Comparison::Less,
            Some("<=") => Comparison::LessOrEqual,
            Some(">") => Comparison::Greater,
            Some(_) => Comparison::GreaterOrEqual,
            None => return Ok(left),
        };
        let right = self.sum()?;
        self.single(&SIGNS)?;
        self.node(Shape::Compare(comparison, Box::new(left), Box::new(right)), first)
    }
    /// `a < b < c` means something else in every language: it has to be written out.
    fn single(&self, signs: &[&'static str]) -> Result<(), Fault> {
        match self.peek().word {
            Word::Sign(sign) if signs.contains(&sign) => {
                Err(Fault::new(self.peek().at, "comparisons cannot be chained: use && or parentheses"))
            }
            _ => Ok(()),
        }
    }
    fn sum(&mut self) -> Result<Expression, Fault> {
        self.arithmetic(&["+", "-"], Self::product)
    }
    fn product(&mut self) -> Result<Expression, Fault> {
        self.arithmetic(&["*", "/", "%"], Self::unary)
    }
    fn arithmetic(
        &mut self,
        signs: &[&'static str],
        operand: fn(&mut Self) -> Result<Expression, Fault>,
    ) -> Result<Expression, Fault> {
        let (first, depth) = (self.next, self.depth);
        let mut left = operand(self)?;
        while let Some(sign) = self.sign(signs) {
            let operator = match sign {
                "+" => Arithmetic::Add,
                "-" => Arithmetic::Subtract,
                "*" => Arithmetic::Multiply,
                "/" => Arithmetic::Divide,
                _ => Arithmetic::Remainder,
            };
            // A chain leans to the left, so each link makes the tree one deeper.
            self.depth += 1;
            let right = self.deeper(operand)?;
            left = self.node(Shape::Arithmetic(operator, Box::new(left), Box::new(right)), first)?;
        }
        self.depth = depth;
        Ok(left)
    }
    fn unary(&mut self) -> Result<Expression, Fault> {
        let first = self.next;
        match self.sign(&["!", "-"]) {
            Some("!") => {
                let inner = self.deeper(Self::unary)?;
                self.node(Shape::Not(Box::new(inner)), first)
            }
            Some(_) => {
                let inner = self.deeper(Self::unary)?;
                self.node(Shape::Negate(Box::new(inner)), first)
            }
            None => self.primary(),
        }
    }
    fn primary(&mut self) -> Result<Expression, Fault> {
        let first = self.next;
        let token = self.take();
        let shape = match token.word {
            Word::Text(text) => Shape::Text(text),
            Word::Number(number) => {
                Shape::Number(Number::parse(&number).ok_or_else(|| Fault::new(token.at, "not a number"))?)
            }
            Word::Name(name) if name == "true" => Shape::Bool(true),
            Word::Name(name) if name == "false" => Shape::Bool(false),
            Word::Name(name) => return self.name(name, first),
            Word::Sign("(") => return self.parenthesis(first),
            Word::Sign("[") => Shape::List(self.deeper(|parser| parser.items("]"))?),
            word => return Err(Fault::new(token.at, format!("expected a term, found {}", shown(&word)))),
        };
        self.node(shape, first)
    }
    /// One expression in parentheses, or a list when there is a comma.
    fn parenthesis(&mut self, first: usize) -> Result<Expression, Fault> {
        let mut items = self.deeper(|parser| parser.items(")"))?;
        let comma = matches!(self.tokens[self.next.saturating_sub(2)].word, Word::Sign(","));
        match items.pop() {
            Some(only) if items.is_empty() && !comma => Ok(only),
            Some(last) => {
                items.push(last);
                self.node(Shape::List(items), first)
            }
            None => Err(Fault::new(self.tokens[first].at, "the parentheses are empty")),
        }
    }
    fn items(&mut self, close: &'static str) -> Result<Vec<Expression>, Fault> {
        let mut items = Vec::new();
        while self.sign(&[close]).is_none() {
            items.push(self.either()?);
            if self.sign(&[close]).is_some() {
                break;
            }
            self.expect(",")?;
        }
        Ok(items)
    }
    fn name(&mut self, name: String, first: usize) -> Result<Expression, Fault> {
        if self.sign(&["("]).is_some() {
            let arguments = self.deeper(|parser| parser.items(")"))?;
            return self.node(Shape::Call(name, arguments), first);
        }
        let mut path = vec![name];
        while self.sign(&["."]).is_some() {
            let token = self.take();
            match token.word {
                Word::Name(part) => path.push(part),
                word => return Err(Fault::new(token.at, format!("expected a name, found {}", shown(&word)))),
            }
        }
        self.node(Shape::Name(path), first)
    }
}
