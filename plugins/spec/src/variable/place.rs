//! Which variable of spec, or element of one, is meant: `OSC_RANGE`, `A[phi]`, `PARS[one][two]`, or `DATA[3]` of a data
//! array. Variables and actuators have one; it follows, reads and sets it.

use brickwork_sdk::{ConfigProblem, Error, Result};
use brickwork_spec_protocol::{Data, Elements, NAME_BYTES, Property, quoted};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::attend::{Attended, Spec};
use crate::link::{Dispatch, READ_LIMIT, Watch};

/// How the name of an element of an associative array is written on the way to spec.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum ElementForm {
    /// `var/NAME[key]`, as spec's documentation has it.
    #[default]
    Brackets,
    /// `var/NAME/key`, as MXCuBE wrote it.
    Slash,
}

/// One variable, or one element of one.
#[derive(Clone, Debug)]
pub struct Place {
    /// As a person wrote it.
    pub text: String,
    /// The name of its property, as it is sent.
    wire: String,
    /// Its row, column of a data array.
    element: Option<Vec<usize>>,
}

impl Place {
    /// Reads what a layout says of it.
    ///
    /// # Errors
    /// Says what is wrong, at this path.
    pub fn parse(path: &str, text: &str, is_array: bool, form: ElementForm) -> Result<Self, ConfigProblem> {
        let wrong = |why: String| {
            let how = "write `NAME`, `NAME[key]` or `NAME[key][key]`";
            ConfigProblem::at(path, format!("{why}: {how}"))
        };
        let (name, rest) = text.split_at(text.find('[').unwrap_or(text.len()));
        if name.is_empty() {
            return Err(wrong("the name of the variable is missing".into()));
        }
        if !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            return Err(wrong(format!("{name:?} is no name of a variable")));
        }
        let indices: Vec<&str> = match rest {
            "" => Vec::new(),
            _ => {
                let inside = rest.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
                inside.ok_or_else(|| wrong(format!("{text:?} does not end with `]`")))?.split("][").collect()
            }
        };
        let is_odd =
            |index: &&str| index.is_empty() || index.contains(['[', ']', '"', '/']) || index.contains(char::is_control);
        if indices.len() > 2 || indices.iter().any(is_odd) {
            return Err(wrong(format!("{text:?} has other than one or two keys, without quotes")));
        }
        let property = Property::parse(&format!("var/{name}{rest}"));
        let wire = if form == ElementForm::Slash { property.with_slash() } else { property.to_string() };
        if wire.len() >= NAME_BYTES {
            return Err(wrong(format!("{text:?} is too long: a packet has room for {} characters", NAME_BYTES - 1)));
        }
        let place = Self { text: text.to_owned(), wire, element: None };
        if !is_array {
            return Ok(place);
        }
        let numbers: Option<Vec<usize>> = indices.iter().map(|index| index.parse().ok()).collect();
        match numbers.filter(|numbers| !numbers.is_empty()) {
            Some(numbers) => Ok(Self { wire: Property::variable(name).to_string(), element: Some(numbers), ..place }),
            None => Err(wrong(format!("{text:?} is no element of a data array, which has numbers as keys"))),
        }
    }

    /// The value of this place in what spec says of the variable.
    ///
    /// # Errors
    /// There is no such element.
    pub fn pick(&self, data: Data) -> Result<Data> {
        let Some(element) = &self.element else { return Ok(data) };
        let wrong = |why: String| Error::failed(format!("{}: {why}", self.text));
        let Data::Array(array) = &data else { return Err(wrong("the variable is no data array".into())) };
        let (rows, columns) = (array.rows() as usize, array.columns() as usize);
        let (row, column) = match element[..] {
            // One row, or one column: spec has both as an array of one dimension.
            [at] if rows == 1 || columns == 1 => (at / columns.max(1), at % columns.max(1)),
            [row, column] => (row, column),
            _ => return Err(wrong(format!("the array has {rows} rows and {columns} columns: two keys are needed"))),
        };
        if row >= rows || column >= columns {
            return Err(wrong(format!("the array has {rows} rows and {columns} columns, counted from 0")));
        }
        let at = row * columns + column;
        Ok(match array.elements() {
            Elements::Text(texts) => Data::text(texts[at].clone()),
            elements => Data::number(elements.numbers().map_or(f64::NAN, |numbers| numbers[at])),
        })
    }

    /// Follows it. A whole data array comes at each change: the newest is enough; so is that of an element.
    pub fn watch(&self, spec: &Spec) -> Watch {
        spec.watch_names([(self.wire.clone(), Dispatch::Newest)])
    }

    /// The first value of a watch. Where spec does not answer, it says so, and waits on.
    pub async fn first(&self, spec: &Attended<'_>, watch: &Watch, clock: brickwork_sdk::Clock) -> Data {
        if let Ok(seen) = clock.limit(READ_LIMIT, watch.next()).await {
            return seen.data;
        }
        let answer = spec.read_name(&self.wire).await.err().map(|error| format!(" ({error})")).unwrap_or_default();
        let why = format!("spec {:?} says nothing of the variable {}{answer}", spec.name, self.text);
        spec.lost(why, "See at spec's prompt whether it has this variable (`p NAME`); else correct it in the layout.");
        watch.next().await.data
    }

    /// Sets it; its value then, as spec reads it again.
    ///
    /// # Errors
    /// What spec says against it.
    pub async fn set(&self, spec: &Spec, value: Data) -> Result<Data> {
        if self.element.is_none() {
            return spec.write_name(&self.wire, value).await;
        }
        // An element of a data array is no property: it is set as one does at the prompt.
        let text = value.to_text().map_err(|error| Error::failed(error.to_string()))?;
        let value = if value.to_number().is_ok() { text } else { quoted(&text) };
        spec.command(&format!("{} = {value}", self.text), Some(READ_LIMIT)).await?;
        self.pick(spec.read_name(&self.wire).await?)
    }
}

#[cfg(test)]
mod tests {
    use brickwork_spec_protocol::{Array, Data};

    use super::{ElementForm, Place};

    fn wire(text: &str, form: ElementForm) -> String {
        Place::parse("variable", text, false, form).expect("it is one").wire
    }

    #[test]
    fn elements_are_named_in_the_form_that_is_asked_for() {
        assert_eq!(wire("OSC_RANGE", ElementForm::Slash), "var/OSC_RANGE");
        assert_eq!(wire("MXCOLLECT_PARS[TakeDarkFlag]", ElementForm::Brackets), "var/MXCOLLECT_PARS[TakeDarkFlag]");
        assert_eq!(wire("MXCOLLECT_PARS[TakeDarkFlag]", ElementForm::Slash), "var/MXCOLLECT_PARS/TakeDarkFlag");
        assert_eq!(wire("A[one][two]", ElementForm::Brackets), "var/A[one][two]");
    }

    #[test]
    fn what_is_no_variable_is_refused_with_how_it_is_written() {
        let cases = ["", "[a]", "A B", "A[", "A[]", "A[a", "A[a]b", "A[a][b][c]", "A[\"a\"]", "A/a", "A[a/b]"];
        let long = "A".repeat(76);
        for text in cases.into_iter().chain([long.as_str()]) {
            let problem = Place::parse("variable", text, false, ElementForm::Brackets).expect_err(text);
            assert!(problem.path == "variable" && problem.message.contains("write `NAME`"), "{text}: {problem}");
        }
        assert!(Place::parse("variable", "A[phi]", true, ElementForm::Brackets).is_err(), "a data array has numbers");
    }

    #[test]
    fn an_element_of_a_data_array_is_picked_out_of_it() {
        let pick = |text: &str, data: Data| {
            let place = Place::parse("variable", text, true, ElementForm::Brackets).expect("it is one");
            place.pick(data).map(|data| data.to_text().expect("a text")).map_err(|error| error.message)
        };
        let grid = || Data::Array(Array::grid(2, vec![1.0, 2.0, 3.0, 4.0]).expect("it has rows"));
        assert_eq!(pick("D[2]", Data::array(vec![5_i32, 6, 7])), Ok("7".into()));
        assert_eq!(pick("D[1][0]", grid()), Ok("3".into()));
        assert!(pick("D[3]", Data::array(vec![5_i32, 6, 7])).is_err_and(|why| why.contains("3 columns")));
        assert!(pick("D[1]", grid()).is_err_and(|why| why.contains("two keys are needed")));
        assert!(pick("D[1]", Data::text("5")).is_err_and(|why| why.contains("no data array")));
    }
}
