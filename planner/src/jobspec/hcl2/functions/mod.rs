//! The functions of job files, by name.
//!
//! Each is a plain function from values to a value. Nothing here reads the clock, draws lots or touches a disk: files
//! come from [`Files`], and functions whose result differs each time are refused with the reason.

mod arguments;
mod collections;
mod encoding;
mod files;
mod format;
mod net;
mod numbers;
mod sets;
mod text;
mod time;
mod yaml;

pub(crate) use files::Files;

use super::exact::{Uncountable, calculate};
use crate::jobspec::suggest;
use crate::jobspec::syntax::Operator;
use crate::jobspec::value::Value;
pub(crate) use arguments::{Arguments, Mistake, TOO_MUCH};

type Function = fn(&mut Arguments, &Files) -> Result<Value, Mistake>;

/// All functions, by name, with the least and the largest number of arguments.
const TABLE: &[(&str, usize, usize, Function)] = &[
    ("abs", 1, 1, numbers::abs),
    ("abspath", 1, 1, files::abspath),
    ("base64decode", 1, 1, encoding::base64decode),
    ("base64encode", 1, 1, encoding::base64encode),
    ("basename", 1, 1, files::basename),
    ("bcrypt", 1, 2, encoding::random),
    ("ceil", 1, 1, numbers::ceil),
    ("chomp", 1, 1, text::chomp),
    ("chunklist", 2, 2, collections::chunklist),
    ("cidrhost", 2, 2, net::cidrhost),
    ("cidrnetmask", 1, 1, net::cidrnetmask),
    ("cidrsubnet", 3, 3, net::cidrsubnet),
    ("cidrsubnets", 1, MANY, net::cidrsubnets),
    ("coalesce", 1, MANY, collections::coalesce),
    ("coalescelist", 1, MANY, collections::coalescelist),
    ("compact", 1, 1, collections::compact),
    ("concat", 1, MANY, collections::concat),
    ("contains", 2, 2, collections::contains),
    ("csvdecode", 1, 1, encoding::csvdecode),
    ("dirname", 1, 1, files::dirname),
    ("distinct", 1, 1, collections::distinct),
    ("element", 2, 2, collections::element),
    ("file", 1, 1, files::file),
    ("filebase64", 1, 1, files::filebase64),
    ("fileexists", 1, 1, files::fileexists),
    ("fileset", 2, 2, files::fileset),
    ("flatten", 1, 1, collections::flatten),
    ("floor", 1, 1, numbers::floor),
    ("format", 1, MANY, format::format),
    ("formatdate", 2, 2, time::formatdate),
    ("formatlist", 1, MANY, format::formatlist),
    ("indent", 2, 2, text::indent),
    ("index", 2, 2, collections::index),
    ("join", 2, MANY, text::join),
    ("jsondecode", 1, 1, encoding::jsondecode),
    ("jsonencode", 1, 1, encoding::jsonencode),
    ("keys", 1, 1, collections::keys),
    ("length", 1, 1, collections::length),
    ("log", 2, 2, numbers::log),
    ("lookup", 3, 3, collections::lookup),
    ("lower", 1, 1, text::lower),
    ("max", 1, MANY, numbers::max),
    ("md5", 1, 1, encoding::md5),
    ("merge", 0, MANY, collections::merge),
    ("min", 1, MANY, numbers::min),
    ("parseint", 2, 2, numbers::parseint),
    ("pathexpand", 1, 1, files::pathexpand),
    ("pow", 2, 2, numbers::pow),
    ("range", 1, 3, collections::range),
    ("regex_replace", 3, 3, text::regex_replace),
    ("replace", 3, 3, text::replace),
    ("reverse", 1, 1, text::reverse),
    ("rsadecrypt", 2, 2, encoding::rsadecrypt),
    ("setintersection", 1, MANY, sets::setintersection),
    ("setproduct", 2, MANY, sets::setproduct),
    ("setunion", 1, MANY, sets::setunion),
    ("sha1", 1, 1, encoding::sha1),
    ("sha256", 1, 1, encoding::sha256),
    ("sha512", 1, 1, encoding::sha512),
    ("signum", 1, 1, numbers::signum),
    ("slice", 3, 3, collections::slice),
    ("sort", 1, 1, collections::sort),
    ("split", 2, 2, text::split),
    ("strlen", 1, 1, text::strlen),
    ("strrev", 1, 1, text::reverse),
    ("substr", 3, 3, text::substr),
    ("timeadd", 2, 2, time::timeadd),
    ("title", 1, 1, text::title),
    ("trim", 2, 2, text::trim),
    ("trimprefix", 2, 2, text::trimprefix),
    ("trimspace", 1, 1, text::trimspace),
    ("trimsuffix", 2, 2, text::trimsuffix),
    ("upper", 1, 1, text::upper),
    ("urlencode", 1, 1, encoding::urlencode),
    ("uuidv4", 0, 0, encoding::random),
    ("uuidv5", 2, 2, encoding::uuidv5),
    ("values", 1, 1, collections::values),
    ("yamldecode", 1, 1, yaml::yamldecode),
    ("yamlencode", 1, 1, yaml::yamlencode),
    ("zipmap", 2, 2, collections::zipmap),
];

const MANY: usize = usize::MAX;

/// The functions, and how to calculate, as one thing to hand on: a program that has none of it yet is much smaller.
pub(crate) struct Library {
    pub(crate) exists: fn(&str) -> bool,
    pub(crate) nearest: fn(&str) -> Option<&'static str>,
    /// Calls a function, on which so much work may be spent; what it spends is taken off.
    pub(crate) call: fn(&str, Vec<Value>, &Files, &mut usize) -> Result<Value, Mistake>,
    /// Calculates with two numbers.
    pub(crate) calculate: fn(Operator, &Value, &Value) -> Result<Value, Uncountable>,
}

/// All of them.
pub(crate) static LIBRARY: Library = Library { exists, nearest, call, calculate };

/// True if there is a function of that name. Those that see their arguments unevaluated live in the evaluator.
fn exists(name: &str) -> bool {
    find(name).is_some() || matches!(name, "try" | "can" | "convert")
}

fn nearest(name: &str) -> Option<&'static str> {
    suggest::nearest(name, names())
}

/// All names.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|(name, ..)| *name)
}

/// Name, least and largest number of arguments.
#[cfg(test)]
pub(crate) fn arities() -> impl Iterator<Item = (&'static str, usize, usize)> {
    TABLE.iter().map(|(name, least, most, _)| (*name, *least, *most))
}

fn find(name: &str) -> Option<&'static (&'static str, usize, usize, Function)> {
    TABLE.iter().find(|(known, ..)| *known == name)
}

/// What so many values cost.
fn size(values: &[Value]) -> usize {
    values.iter().fold(1, |all, value| all.saturating_add(super::eval::size(value)))
}

fn call(
    name: &str,
    arguments: Vec<Value>,
    files: &Files,
    left: &mut usize,
) -> Result<Value, Mistake> {
    let Some((_, least, most, function)) = find(name) else {
        return Err(Mistake::new("needs other arguments"));
    };
    let given = arguments.len();
    if given < *least || given > *most {
        let wanted = match (*least, *most) {
            (least, most) if least == most => format!("{least}"),
            (least, MANY) => format!("{least} or more"),
            (least, most) => format!("{least} to {most}"),
        };
        let mut mistake = Mistake::new(format!("takes {wanted} arguments, not {given}"));
        mistake.argument = (given > *most).then_some(*most);
        return Err(mistake);
    }
    let mut arguments = Arguments::new(arguments, *left);
    let result = function(&mut arguments, files);
    *left = arguments.left();
    result
}
