//! Runs statements, one after the other. The queue calls it for each command; when it is dropped, as by `^C`, what it
//! began stops where it waits.

use std::future::Future;
use std::pin::Pin;

use brickwork_spec_protocol::{Assoc, Elements, Key};

use super::parser::parse;
use super::syntax::{Expression, Place, Statement};
use crate::context::Context;
use crate::error::SpecError;
use crate::macros;
use crate::value::Value;

type Evaluated<'a> = Pin<Box<dyn Future<Output = Result<Value, SpecError>> + Send + 'a>>;

/// Runs a text; the value of its last statement.
pub(crate) async fn run(context: &Context, text: &str) -> Result<Value, SpecError> {
    let mut last = Value::NOTHING;
    for statement in parse(text)? {
        last = execute(context, statement).await?;
    }
    Ok(last)
}

async fn execute(context: &Context, statement: Statement) -> Result<Value, SpecError> {
    match statement {
        Statement::Expression(Expression::Place(place)) if is_macro_alone(context, &place) => {
            macros::call(context, &place.name, &[]).await
        }
        Statement::Expression(expression) => evaluate(context, &expression).await,
        Statement::Macro(name, words) => {
            let words = all(context, &words).await?;
            macros::call(context, &name, &words).await
        }
        Statement::Print(expressions) => print(context, &expressions).await,
        Statement::Assign(place, operator, value) => {
            let mut value = evaluate(context, &value).await?;
            if let Some(operator) = operator {
                value = binary(operator, &at(context, &place).await?, &value)?;
            }
            assign(context, &place, value.clone()).await?;
            Ok(value)
        }
        Statement::Delete(place) => {
            let key = key(context, &place.indices).await?;
            let world = &mut *context.world();
            world.variables.delete(&place.name, &key, &mut world.audience)?;
            Ok(Value::NOTHING)
        }
        Statement::Global(names) => global(context, &names),
        Statement::Unglobal(names) => {
            let world = &mut *context.world();
            names.iter().try_for_each(|name| world.variables.unglobal(name, &mut world.audience))?;
            Ok(Value::NOTHING)
        }
    }
}

fn is_macro_alone(context: &Context, place: &Place) -> bool {
    place.indices.is_empty() && context.world().variables.get(&place.name).is_none() && macros::exists(&place.name)
}

fn global(context: &Context, names: &[(String, bool)]) -> Result<Value, SpecError> {
    let world = &mut *context.world();
    for (name, is_array) in names {
        world.may_be_variable(name)?;
        if world.variables.get(name).is_none() {
            let value = if *is_array { Value::Assoc(Assoc::new()) } else { Value::Number(0.0) };
            world.variables.set(name, value, &mut world.audience)?;
        }
    }
    Ok(Value::NOTHING)
}

async fn print(context: &Context, expressions: &[Expression]) -> Result<Value, SpecError> {
    let mut shown = Vec::new();
    for expression in expressions {
        let value = evaluate(context, expression).await?;
        let name = if let Expression::Place(place) = expression { place.name.as_str() } else { "" };
        shown.push(value.shown(name));
    }
    context.say(&format!("{}\n", shown.join(" ")));
    Ok(Value::NOTHING)
}

async fn all(context: &Context, expressions: &[Expression]) -> Result<Vec<Value>, SpecError> {
    let mut values = Vec::with_capacity(expressions.len());
    for expression in expressions {
        values.push(evaluate(context, expression).await?);
    }
    Ok(values)
}

fn evaluate<'a>(context: &'a Context, expression: &'a Expression) -> Evaluated<'a> {
    Box::pin(async move {
        match expression {
            Expression::Number(number) => Ok(Value::Number(*number)),
            Expression::Text(text) => Ok(Value::text(text)),
            Expression::Place(place) => at(context, place).await,
            Expression::Call(name, arguments) => {
                let arguments = all(context, arguments).await?;
                if name == "print" {
                    let shown: Vec<String> = arguments.iter().map(|argument| argument.shown("")).collect();
                    context.say(&format!("{}\n", shown.join(" ")));
                    return Ok(Value::NOTHING);
                }
                macros::call(context, name, &arguments).await
            }
            Expression::Unary(sign, operand) => {
                let operand = evaluate(context, operand).await?;
                match *sign {
                    "!" => Ok(Value::Number(f64::from(u8::from(!operand.is_true())))),
                    _ => Ok(Value::Number(-operand.number()?)),
                }
            }
            Expression::Binary(sign, left, right) => {
                let (left, right) = (evaluate(context, left).await?, evaluate(context, right).await?);
                binary(sign, &left, &right)
            }
            Expression::Pairs(pairs) => {
                let mut assoc = Assoc::new();
                for parts in pairs {
                    let (value, keys) = parts.split_last().expect("the parser makes two or three parts");
                    let value = evaluate(context, value).await?.to_text()?;
                    assoc.set(key(context, keys).await?, value);
                }
                Ok(Value::Assoc(assoc))
            }
        }
    })
}

fn binary(sign: &str, left: &Value, right: &Value) -> Result<Value, SpecError> {
    let flag = |flag: bool| Ok(Value::Number(f64::from(u8::from(flag))));
    if let (Value::Text(left), Value::Text(right), "==" | "!=") = (left, right, sign) {
        return flag((left == right) == (sign == "=="));
    }
    if matches!(sign, "&&" | "||") {
        let (left, right) = (left.is_true(), right.is_true());
        return flag(if sign == "&&" { left && right } else { left || right });
    }
    if let ("==" | "!=", true) = (sign, left.number().is_err() || right.number().is_err()) {
        return flag((left.to_text()? == right.to_text()?) == (sign == "=="));
    }
    let (left, right) = (left.number()?, right.number()?);
    Ok(Value::Number(match sign {
        "+" => left + right,
        "-" => left - right,
        "*" => left * right,
        "/" | "%" if right == 0.0 => return Err(SpecError::new("division by zero")),
        "/" => left / right,
        "%" => left % right,
        "^" => left.powf(right),
        "==" => return flag(left == right),
        "!=" => return flag(left != right),
        "<" => return flag(left < right),
        ">" => return flag(left > right),
        "<=" => return flag(left <= right),
        _ => return flag(left >= right),
    }))
}

/// The index of an associative array.
async fn key(context: &Context, indices: &[Expression]) -> Result<Key, SpecError> {
    let mut texts = Vec::new();
    for index in indices {
        texts.push(evaluate(context, index).await?.to_text()?);
    }
    let mut texts = texts.into_iter();
    match (texts.next(), texts.next()) {
        (Some(first), Some(second)) => Ok(Key::two(first, second)),
        (Some(first), None) => Ok(Key::one(first)),
        (None, _) => Err(SpecError::syntax("")),
    }
}

/// The value at a place. A mnemonic is the number of its motor or counter.
async fn at(context: &Context, place: &Place) -> Result<Value, SpecError> {
    let name = place.name.as_str();
    let indices = all(context, &place.indices).await?;
    let world = context.world();
    let missing = || SpecError::missing(name);
    match (name, indices.as_slice()) {
        ("A", [motor]) => Ok(Value::Number(world.angles[macros::motor_of(&world, motor)?])),
        ("S", [counter]) => Ok(Value::Number(world.counters.all[macros::counter_of(&world, counter)?].value)),
        (_, []) => {
            if let Some(value) = world.variables.get(name) {
                return Ok(value.clone());
            }
            let number = world.motor(name).ok().or_else(|| world.counters.find(name)).ok_or_else(missing)?;
            Ok(Value::Number(number as f64))
        }
        (_, indices) => {
            if let Some(Value::Array(array)) = world.variables.get(name) {
                return element(name, array.elements(), array.columns() as usize, indices);
            }
            let texts = indices.iter().map(Value::to_text).collect::<Result<Vec<_>, _>>()?;
            let key =
                if let [first, second] = texts.as_slice() { Key::two(first, second) } else { Key::one(texts.concat()) };
            let value = world.variables.element(name, &key)?;
            let value = value.ok_or_else(|| SpecError::missing(&format!("{name}{key}")))?;
            Value::from_data(brickwork_spec_protocol::Data::text(value))
        }
    }
}

/// An element of a data array: by column in one row, by row and column in several.
fn element(name: &str, elements: &Elements, columns: usize, indices: &[Value]) -> Result<Value, SpecError> {
    let mut at = 0.0;
    for index in indices {
        at = at * columns as f64 + index.number()?.trunc();
    }
    let outside = || SpecError::new(format!("\"{name}\" has no element {at}"));
    let at = if at >= 0.0 { at as usize } else { return Err(outside()) };
    if let Elements::Text(texts) = elements {
        return texts.get(at).map(Value::text).ok_or_else(outside);
    }
    elements.numbers().and_then(|numbers| numbers.get(at).copied()).map(Value::Number).ok_or_else(outside)
}

async fn assign(context: &Context, place: &Place, value: Value) -> Result<(), SpecError> {
    let name = place.name.as_str();
    if name == "A" && place.indices.len() == 1 {
        let motor = evaluate(context, &place.indices[0]).await?;
        let world = &mut *context.world();
        let motor = macros::motor_of(world, &motor)?;
        world.angles[motor] = value.number()?;
        return Ok(());
    }
    if place.indices.is_empty() {
        let world = &mut *context.world();
        world.may_be_variable(name)?;
        return world.variables.set(name, value, &mut world.audience);
    }
    let key = key(context, &place.indices).await?;
    let world = &mut *context.world();
    world.may_be_variable(name)?;
    if matches!(world.variables.get(name), Some(Value::Array(_))) {
        return Err(SpecError::new(format!("\"{name}\" is a data array: this simulator only sets it as a whole")));
    }
    world.variables.set_elements(name, &Assoc::new().with(key, value.to_text()?), &mut world.audience)
}
