//! Looks up the names of a matcher and checks its types, so that a decision meets neither an unknown name nor a
//! comparison that can never hold.

use super::{
    functions::Function,
    node::{Kind, Named, Node, RoleCall, Root},
    tree::{Comparison, Expression, Shape},
};
use crate::policy::{
    model::definitions::{Definitions, numbered},
    position::Fault,
    value::Arithmetic,
};

/// A type, as far as it is known before there is a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    Bool,
    Number,
    Text,
    /// A value of a rule: a text that also reads as a number or a boolean beside one.
    Field,
    List,
    /// A subject, a resource or an action, which compares as its name.
    Entity,
    /// An attribute, whose type only the request knows.
    Any,
}

impl Type {
    fn is_text(self) -> bool {
        matches!(self, Self::Text | Self::Field | Self::Entity | Self::Any)
    }
    fn is_number(self) -> bool {
        matches!(self, Self::Number | Self::Field | Self::Any)
    }
    fn is_bool(self) -> bool {
        matches!(self, Self::Bool | Self::Any)
    }
    const fn name(self) -> &'static str {
        match self {
            Self::Bool => "true or false",
            Self::Number => "a number",
            Self::Text => "a text",
            Self::Field => "a value of the rule",
            Self::List => "a list",
            Self::Entity => "an entity",
            Self::Any => "an attribute",
        }
    }
}

/// How many role calls keep their roles during a decision; further ones find them anew.
const MAX_SLOTS: u8 = 60;

/// The definitions that one matcher, or one condition, uses.
pub(crate) struct Scope<'a> {
    pub(crate) definitions: &'a Definitions,
    /// Which request definition; set by the first name that uses one.
    pub(crate) request: Option<u8>,
    /// Which policy definition; set by the first name that uses one.
    pub(crate) policy: Option<u8>,
    /// Whether this is the text of a condition: conditions hold no further ones.
    pub(crate) condition: bool,
    /// How many role calls without a rule in them there were so far.
    pub(crate) slots: u8,
}

/// Checks a whole matcher or condition, which must be true or false.
pub(crate) fn check(tree: &Expression, scope: &mut Scope<'_>) -> Result<Node, Fault> {
    let (node, kind) = scope.node(tree)?;
    if kind.is_bool() {
        return Ok(node);
    }
    Err(Fault::new(tree.span.at, format!("must be true or false, but is {}", kind.name())))
}

impl Scope<'_> {
    fn node(&mut self, tree: &Expression) -> Result<(Node, Type), Fault> {
        let (kind, of) = match &tree.shape {
            Shape::Text(text) => (Kind::Text(text.as_str().into()), Type::Text),
            Shape::Number(number) => (Kind::Number(*number), Type::Number),
            Shape::Bool(flag) => (Kind::Bool(*flag), Type::Bool),
            Shape::List(items) => (Kind::List(self.items(items)?), Type::List),
            Shape::Name(path) => self.name(path, tree)?,
            Shape::Call(name, arguments) => self.call(name, arguments, tree)?,
            Shape::Not(inner) => (Kind::Not(Box::new(self.expect(inner, Type::is_bool, "true or false")?)), Type::Bool),
            Shape::Negate(inner) => {
                (Kind::Negate(Box::new(self.expect(inner, Type::is_number, "a number")?)), Type::Number)
            }
            Shape::And(all) => (Kind::And(self.conditions(all)?), Type::Bool),
            Shape::Or(all) => (Kind::Or(self.conditions(all)?), Type::Bool),
            Shape::Compare(comparison, left, right) => self.compare(*comparison, left, right, tree)?,
            Shape::In(left, right) => {
                let left = self.node(left)?.0;
                let right = self.expect(right, |kind| matches!(kind, Type::List | Type::Any), "a list")?;
                (Kind::In(Box::new((left, right))), Type::Bool)
            }
            Shape::Arithmetic(operator, left, right) => self.arithmetic(*operator, left, right)?,
        };
        Ok((Node { kind, span: tree.span }, of))
    }
    fn expect(&mut self, tree: &Expression, fits: fn(Type) -> bool, wanted: &str) -> Result<Node, Fault> {
        let (node, kind) = self.node(tree)?;
        if fits(kind) {
            return Ok(node);
        }
        Err(Fault::new(tree.span.at, format!("expected {wanted}, found {}", kind.name())))
    }
    fn conditions(&mut self, all: &[Expression]) -> Result<Vec<Node>, Fault> {
        all.iter().map(|tree| self.expect(tree, Type::is_bool, "true or false")).collect()
    }
    fn items(&mut self, items: &[Expression]) -> Result<Vec<Node>, Fault> {
        let scalar = |kind| kind != Type::List;
        items.iter().map(|tree| self.expect(tree, scalar, "a single value")).collect()
    }
    fn compare(
        &mut self,
        comparison: Comparison,
        left: &Expression,
        right: &Expression,
        tree: &Expression,
    ) -> Result<(Kind, Type), Fault> {
        let (left, first) = self.node(left)?;
        let (right, second) = self.node(right)?;
        let texts = first.is_text() && second.is_text();
        let numbers = first.is_number() && second.is_number();
        let fits = match comparison {
            Comparison::Equal | Comparison::Unequal => {
                let soft = |kind| matches!(kind, Type::Bool | Type::Field | Type::Any);
                let list = |kind| matches!(kind, Type::List | Type::Any);
                texts || numbers || (soft(first) && soft(second)) || (list(first) && list(second))
            }
            _ => (texts || numbers) && first != Type::Entity && second != Type::Entity,
        };
        if !fits {
            let message = format!("{} cannot be compared with {} like this", first.name(), second.name());
            return Err(Fault::new(tree.span.at, message));
        }
        Ok((Kind::Compare(comparison, Box::new((left, right))), Type::Bool))
    }
    fn arithmetic(
        &mut self,
        operator: Arithmetic,
        left: &Expression,
        right: &Expression,
    ) -> Result<(Kind, Type), Fault> {
        if operator == Arithmetic::Add {
            let (first, first_type) = self.node(left)?;
            let (second, second_type) = self.node(right)?;
            let texts = first_type.is_text() && second_type.is_text();
            let kind = match (first_type, second_type) {
                (Type::Any, Type::Any) => Type::Any,
                _ if first_type.is_number() && second_type.is_number() && !(texts && first_type == second_type) => {
                    if texts {
                        Type::Any
                    } else {
                        Type::Number
                    }
                }
                _ if texts => Type::Text,
                _ => {
                    let message = format!("{} and {} cannot be added", first_type.name(), second_type.name());
                    return Err(Fault::new(left.span.at, message));
                }
            };
            return Ok((Kind::Arithmetic(operator, Box::new((first, second))), kind));
        }
        let left = self.expect(left, Type::is_number, "a number")?;
        let right = self.expect(right, Type::is_number, "a number")?;
        Ok((Kind::Arithmetic(operator, Box::new((left, right))), Type::Number))
    }
    fn name(&mut self, path: &[String], tree: &Expression) -> Result<(Kind, Type), Fault> {
        let fault = |message: String| Err(Fault::new(tree.span.at, message));
        let Some((first, rest)) = path.split_first() else { return fault("a name is missing".to_owned()) };
        if let Some(number) = numbered(first, 'r') {
            let Some(fields) = self.definitions.request(number) else {
                return fault(format!("there is no request definition `{first}`"));
            };
            if *self.request.get_or_insert(number) != number {
                return fault("one matcher uses one request definition".to_owned());
            }
            let Some((field, rest)) = rest.split_first() else { return fault(format!("`{first}` needs a field")) };
            let context = matches!(field.as_str(), "ctx" | "context");
            if !context && !fields.iter().any(|known| known == field) {
                return fault(format!("`{first}` has no field `{field}`"));
            }
            return request_name(field, rest).map_err(|message| Fault::new(tree.span.at, message));
        }
        if let Some(number) = numbered(first, 'p') {
            let Some(fields) = self.definitions.policy(number) else {
                return fault(format!("there is no policy definition `{first}`"));
            };
            if *self.policy.get_or_insert(number) != number {
                return fault("one matcher uses one policy definition".to_owned());
            }
            let [field] = rest else { return fault(format!("`{first}` needs one field")) };
            let Some(index) = fields.iter().position(|known| known == field) else {
                return fault(format!("`{first}` has no field `{field}`"));
            };
            #[allow(clippy::cast_possible_truncation, reason = "a definition has at most six fields")]
            return Ok((Kind::Field(index as u8), Type::Field));
        }
        fault(format!("unknown name `{first}`: names begin with `r.` or `p.`"))
    }
    fn call(&mut self, name: &str, arguments: &[Expression], tree: &Expression) -> Result<(Kind, Type), Fault> {
        let fault = |message: String| Err(Fault::new(tree.span.at, message));
        let count = |wanted: usize| {
            if arguments.len() == wanted {
                return Ok(());
            }
            let message = format!("`{name}` takes {wanted} arguments, not {}", arguments.len());
            Err(Fault::new(tree.span.at, message))
        };
        if name == "eval" {
            count(1)?;
            if self.condition {
                return fault("a condition cannot hold another one".to_owned());
            }
            let Kind::Field(field) = self.node(&arguments[0])?.0.kind else {
                return fault("`eval` takes a field of the rule: eval(p.cond)".to_owned());
            };
            return Ok((Kind::Condition(field), Type::Bool));
        }
        if let Some((definition, with_domain)) = self.definitions.role(name) {
            count(if with_domain { 3 } else { 2 })?;
            let mut nodes = self.texts(arguments)?.into_iter();
            let (Some(from), Some(to)) = (nodes.next(), nodes.next()) else {
                return fault(format!("`{name}` takes two names"));
            };
            let mut call = RoleCall { definition, from, to, domain: nodes.next(), slot: None };
            if !self.condition
                && call.from.is_free_of_rules()
                && call.domain.as_ref().is_none_or(Node::is_free_of_rules)
            {
                call.slot = (self.slots < MAX_SLOTS).then_some(self.slots);
                self.slots = (self.slots + 1).min(MAX_SLOTS);
            }
            return Ok((Kind::Role(Box::new(call)), Type::Bool));
        }
        let Some(function) = Function::find(name) else {
            let known: Vec<_> = Function::names().collect();
            return fault(format!("unknown function `{name}`; there are g, eval, {}", known.join(", ")));
        };
        count(function.arguments())?;
        let nodes = self.texts(arguments)?;
        if function.compiles() && !matches!(nodes[1].kind, Kind::Text(_) | Kind::Field(_)) {
            let message =
                format!("the pattern of `{name}` must be a text or a field of the rule, never of the request");
            return Err(Fault::new(nodes[1].span.at, message));
        }
        Ok((Kind::Call(function, nodes), if function.gives_text() { Type::Text } else { Type::Bool }))
    }
    fn texts(&mut self, arguments: &[Expression]) -> Result<Vec<Node>, Fault> {
        arguments.iter().map(|tree| self.expect(tree, Type::is_text, "a text")).collect()
    }
}

/// `r.field` or `r.field.attribute…`.
fn request_name(field: &str, rest: &[String]) -> Result<(Kind, Type), String> {
    let path = |from: &[String]| from.iter().map(|part| part.as_str().into()).collect();
    let attribute = |root| Ok((Kind::Attribute(root, path(rest)), Type::Any));
    let entity = |named, root| {
        if rest.is_empty() { Ok((Kind::Entity(named), Type::Entity)) } else { attribute(root) }
    };
    match field {
        "sub" | "subject" => entity(Named::Subject, Root::Subject),
        "obj" | "object" | "resource" => entity(Named::Object, Root::Object),
        "act" | "action" => entity(Named::Action, Root::Action),
        "dom" | "domain" if rest.is_empty() => Ok((Kind::Domain, Type::Text)),
        "dom" | "domain" => Err(format!("`{field}` is a text and has no attributes")),
        "ctx" | "context" if rest.is_empty() => Err(format!("`{field}` needs the name of a property")),
        "ctx" | "context" => attribute(Root::Context),
        _ => {
            let all = std::iter::once(field.into()).chain(rest.iter().map(|part| part.as_str().into())).collect();
            Ok((Kind::Attribute(Root::Context, all), Type::Any))
        }
    }
}
