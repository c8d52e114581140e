//! HCL2 as it is written: bodies, expressions and templates, each with its place. Nothing here is evaluated.

use crate::diagnostic::Span;
use crate::jobspec::value::Value;

/// The inside of a block, or a whole file.
#[derive(Debug, Default)]
pub(crate) struct Body<'t> {
    pub(crate) items: Vec<Item<'t>>,
    /// Something that stands here could not be read, which has been told.
    pub(crate) broken: bool,
}

/// One statement.
#[derive(Debug)]
pub(crate) enum Item<'t> {
    Attribute(Attribute<'t>),
    Block(Block<'t>),
}

/// `name = value`.
#[derive(Debug)]
pub(crate) struct Attribute<'t> {
    pub(crate) name: Name<'t>,
    pub(crate) value: Expr<'t>,
}

/// `name "label" { … }`.
#[derive(Debug)]
pub(crate) struct Block<'t> {
    pub(crate) name: Name<'t>,
    pub(crate) labels: Vec<Label>,
    /// Between the braces; to the end of the text where the second is missing.
    pub(crate) inside: Span,
    pub(crate) body: Body<'t>,
}

/// A word of the text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Name<'t> {
    pub(crate) text: &'t str,
    pub(crate) span: Span,
}

/// The text between a block's type and its brace.
#[derive(Debug)]
pub(crate) struct Label {
    pub(crate) text: String,
    pub(crate) span: Span,
}

/// An expression.
#[derive(Debug)]
pub(crate) struct Expr<'t> {
    pub(crate) kind: Kind<'t>,
    pub(crate) span: Span,
}

/// What an expression is.
#[derive(Debug)]
pub(crate) enum Kind<'t> {
    /// Null, a bool, a number, or a string without templates.
    Literal(Value),
    Template(Vec<Piece<'t>>),
    List(Vec<Expr<'t>>),
    Object(Vec<(Key<'t>, Expr<'t>)>),
    Name(&'t str),
    /// In parentheses, or a string that is nothing but `${ … }`.
    Wrapped(Box<Expr<'t>>),
    Negative(Box<Expr<'t>>),
    Not(Box<Expr<'t>>),
    Binary(Box<Binary<'t>>),
    /// Condition, then, else.
    Conditional(Box<[Expr<'t>; 3]>),
    Call(Box<Call<'t>>),
    /// A value and the steps into it.
    Traversal(Box<Expr<'t>>, Vec<Step<'t>>),
    For(Box<For<'t>>),
    /// A string of HCL's JSON syntax, as it reads and as a template.
    Json(&'t str, Box<Expr<'t>>),
    /// Its mistake has been told.
    Broken,
}

/// The key of an object's entry.
#[derive(Debug)]
pub(crate) enum Key<'t> {
    Name(Name<'t>),
    Expr(Expr<'t>),
}

/// Two operands.
#[derive(Debug)]
pub(crate) struct Binary<'t> {
    pub(crate) operator: Operator,
    pub(crate) left: Expr<'t>,
    pub(crate) right: Expr<'t>,
}

/// What is done with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Plus,
    Minus,
    Times,
    Divide,
    Remainder,
}

/// `name(arguments)`.
#[derive(Debug)]
pub(crate) struct Call<'t> {
    pub(crate) name: Name<'t>,
    pub(crate) arguments: Vec<Expr<'t>>,
    /// The last argument is a list of arguments (`…` behind it).
    pub(crate) expand: bool,
}

/// One step into a value.
#[derive(Debug)]
pub(crate) enum Step<'t> {
    /// `.name`
    Attribute(&'t str),
    /// `.0`
    Legacy(i64),
    /// `[key]`
    Index(Expr<'t>),
    /// `.*`
    AttributeSplat,
    /// `[*]`
    Splat,
}

/// `for key, value in collection`, in a list, an object or a template.
#[derive(Debug)]
pub(crate) struct Each<'t> {
    pub(crate) key: Option<&'t str>,
    pub(crate) value: &'t str,
    pub(crate) collection: Expr<'t>,
}

/// `[for … : value if condition]` or `{for … : key => value…}`.
#[derive(Debug)]
pub(crate) struct For<'t> {
    pub(crate) each: Each<'t>,
    /// Of an object's entries.
    pub(crate) key: Option<Expr<'t>>,
    pub(crate) value: Expr<'t>,
    /// Values of equal keys become a list.
    pub(crate) grouping: bool,
    pub(crate) condition: Option<Expr<'t>>,
}

/// A part of a template. Strip markers and the indentation of heredocs are dealt with already.
#[derive(Debug)]
pub(crate) enum Piece<'t> {
    Text(String),
    Value(Expr<'t>),
    If { condition: Expr<'t>, then: Vec<Piece<'t>>, otherwise: Vec<Piece<'t>> },
    For { each: Each<'t>, pieces: Vec<Piece<'t>> },
}

impl<'t> Body<'t> {
    /// The blocks of that type, in order.
    pub(crate) fn blocks(&self, name: &str) -> impl Iterator<Item = &Block<'t>> {
        self.items.iter().filter_map(move |item| match item {
            Item::Block(block) if block.name.text == name => Some(block),
            _ => None,
        })
    }

    /// The attributes, in order.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = &Attribute<'t>> {
        self.items.iter().filter_map(|item| match item {
            Item::Attribute(attribute) => Some(attribute),
            Item::Block(_) => None,
        })
    }

    /// The attribute of that name.
    pub(crate) fn attribute(&self, name: &str) -> Option<&Attribute<'t>> {
        self.attributes().find(|attribute| attribute.name.text == name)
    }
}

impl<'t> Expr<'t> {
    /// Calls back with each name that an expression refers to, and the first step behind it. Names that a `for` of
    /// the expression itself declares are none.
    pub(crate) fn references(&self, found: &mut dyn FnMut(&'t str, Option<&Step<'t>>, Span)) {
        self.refer(&mut Vec::new(), found);
    }

    fn refer(&self, own: &mut Vec<&'t str>, found: Found<'_, 't>) {
        let mut name = |name: &'t str, step: Option<&Step<'t>>, own: &[&'t str]| {
            if !own.contains(&name) {
                found(name, step, self.span);
            }
        };
        match &self.kind {
            Kind::Literal(_) | Kind::Broken => {}
            Kind::Name(root) => name(root, None, own),
            Kind::Template(pieces) => pieces.iter().for_each(|piece| piece.refer(own, found)),
            Kind::List(values) => values.iter().for_each(|value| value.refer(own, found)),
            Kind::Object(entries) => {
                for (key, value) in entries {
                    if let Key::Expr(key) = key {
                        key.refer(own, found);
                    }
                    value.refer(own, found);
                }
            }
            Kind::Wrapped(inner)
            | Kind::Negative(inner)
            | Kind::Not(inner)
            | Kind::Json(_, inner) => inner.refer(own, found),
            Kind::Binary(binary) => {
                binary.left.refer(own, found);
                binary.right.refer(own, found);
            }
            Kind::Conditional(parts) => parts.iter().for_each(|part| part.refer(own, found)),
            Kind::Call(call) => call.arguments.iter().for_each(|value| value.refer(own, found)),
            Kind::Traversal(root, steps) => {
                match &root.kind {
                    Kind::Name(root) => name(root, steps.first(), own),
                    _ => root.refer(own, found),
                }
                for step in steps {
                    if let Step::Index(index) = step {
                        index.refer(own, found);
                    }
                }
            }
            Kind::For(each) => {
                each.each.collection.refer(own, found);
                let depth = own.len();
                own.extend(each.each.key.iter().chain([&each.each.value]));
                for part in each.key.iter().chain([&each.value]).chain(&each.condition) {
                    part.refer(own, found);
                }
                own.truncate(depth);
            }
        }
    }
}

/// Who is told of references.
type Found<'f, 't> = &'f mut dyn FnMut(&'t str, Option<&Step<'t>>, Span);

impl<'t> Piece<'t> {
    fn refer(&self, own: &mut Vec<&'t str>, found: Found<'_, 't>) {
        match self {
            Piece::Text(_) => {}
            Piece::Value(value) => value.refer(own, found),
            Piece::If { condition, then, otherwise } => {
                condition.refer(own, found);
                then.iter().chain(otherwise).for_each(|piece| piece.refer(own, found));
            }
            Piece::For { each, pieces } => {
                each.collection.refer(own, found);
                let depth = own.len();
                own.extend(each.key.iter().chain([&each.value]));
                pieces.iter().for_each(|piece| piece.refer(own, found));
                own.truncate(depth);
            }
        }
    }
}
