//! Python's text of a value, as the macros of MXCuBE's SpecClient (`clientutils.mac`) write it with `python_repr`: the
//! scan reads it. It knows numbers, texts, lists, tuples and dictionaries, evaluates nothing, and gives what it could
//! read when the rest is damaged: those macros put texts in quotes without looking into them.

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Python {
    /// `None`.
    None,
    /// A number, or `True` or `False`.
    Number(f64),
    /// A text.
    Text(String),
    /// A list or a tuple.
    List(Vec<Python>),
    /// A dictionary, in its order.
    Dict(Vec<(String, Python)>),
}

/// The most values within values.
const MAX_DEPTH: usize = 32;

impl Python {
    /// Reads the text of a dictionary: its entries, and what is wrong with the text, if it is damaged.
    pub fn entries(text: &str) -> (Vec<(String, Self)>, Option<String>) {
        let mut reader = Reader { text, at: 0, depth: 0 };
        let mut entries = Vec::new();
        let problem = match reader.take('{') {
            true => reader.entries(&mut entries).err(),
            false => Some("it is no dictionary".to_owned()),
        };
        let problem = problem.map(|why| format!("{why} at character {} of {text:?}", reader.at));
        (entries, problem)
    }

    /// The number, if it is one, also as a text.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// The text; that of a number is as it is usually written.
    pub fn text(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.trim().to_owned()),
            Self::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&mut self) -> Option<char> {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
        self.rest().chars().next()
    }

    fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += if found { wanted.len_utf8() } else { 0 };
        found
    }

    fn entries(&mut self, entries: &mut Vec<(String, Python)>) -> Result<(), String> {
        while !self.take('}') {
            let key = self.value()?.text().ok_or("a key is neither text nor number")?;
            if !self.take(':') {
                return Err("`:` is missing".into());
            }
            entries.push((key, self.value()?));
            if !self.take(',') && self.peek() != Some('}') {
                return Err("`,` or `}` is missing".into());
            }
        }
        Ok(())
    }

    fn list(&mut self, end: char) -> Result<Python, String> {
        let mut items = Vec::new();
        while !self.take(end) {
            items.push(self.value()?);
            if !self.take(',') && self.peek() != Some(end) {
                return Err(format!("`,` or `{end}` is missing"));
            }
        }
        Ok(Python::List(items))
    }

    fn value(&mut self) -> Result<Python, String> {
        if self.depth == MAX_DEPTH {
            return Err(format!("there are more than {MAX_DEPTH} values within values"));
        }
        self.depth += 1;
        let value = match self.peek().ok_or("it ends too early")? {
            '{' => {
                self.at += 1;
                let mut entries = Vec::new();
                self.entries(&mut entries).map(|()| Python::Dict(entries))
            }
            '[' => {
                self.at += 1;
                self.list(']')
            }
            '(' => {
                self.at += 1;
                self.list(')')
            }
            quote @ ('\'' | '"') => self.quoted(quote),
            _ => self.word(),
        };
        self.depth -= 1;
        value
    }

    fn quoted(&mut self, quote: char) -> Result<Python, String> {
        let mut text = String::new();
        let mut letters = self.rest().char_indices().skip(1);
        while let Some((at, letter)) = letters.next() {
            match letter {
                '\\' => match letters.next() {
                    Some((_, 'n')) => text.push('\n'),
                    Some((_, 't')) => text.push('\t'),
                    Some((_, other)) => text.push(other),
                    None => break,
                },
                letter if letter == quote => {
                    self.at += at + quote.len_utf8();
                    return Ok(Python::Text(text));
                }
                letter => text.push(letter),
            }
        }
        Err("a quote is not closed".into())
    }

    fn word(&mut self) -> Result<Python, String> {
        let rest = self.rest();
        let end = rest.find(|c: char| c.is_whitespace() || ",:]})".contains(c)).unwrap_or(rest.len());
        let value = match &rest[..end] {
            "None" => Python::None,
            "True" => Python::Number(1.0),
            "False" => Python::Number(0.0),
            word => match word.parse() {
                Ok(number) => Python::Number(number),
                Err(_) => return Err(format!("{word:?} is no value")),
            },
        };
        self.at += end;
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::Python;

    #[test]
    fn what_the_macros_write_is_read() {
        let text = "{'type':1, 'title':'Scan 12', 'counter':' det mon', 'x':-1.25e-05, \
                    'phynx':{'scalar_data/i':('Dataset', {'shape':[20,]}), 'none':None, }, }";
        let (entries, problem) = Python::entries(text);
        assert_eq!(problem, None);
        let get = |name: &str| entries.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        assert_eq!(get("type").and_then(|value| value.number()), Some(1.0));
        assert_eq!(get("counter").and_then(|value| value.text()), Some("det mon".into()));
        assert_eq!(get("x").and_then(|value| value.number()), Some(-1.25e-5));
        assert!(matches!(get("phynx"), Some(Python::Dict(entries)) if entries.len() == 2));
        assert_eq!(Python::entries("{}"), (Vec::new(), None));
        assert_eq!(Python::entries("{3:nan}").0[0].0, "3");
    }

    #[test]
    fn what_is_damaged_gives_what_stands_before_the_damage() {
        let (entries, problem) = Python::entries("{'x':1, 'title':'it's', 'y':2}");
        assert_eq!(entries.first(), Some(&("x".to_owned(), Python::Number(1.0))));
        assert!(problem.is_some_and(|why| why.contains("is missing at character")));
        for text in
            ["", "0", "{", "{'a'", "{'a':}", "{'a':x}", "{'a':'b", "{'a':(1 2)}", "{[]:1}", "{'a':1", "{'ä':'\\"]
        {
            assert!(Python::entries(text).1.is_some(), "{text}");
        }
        let deep = format!("{{'a':{}", "[".repeat(100_000));
        assert!(Python::entries(&deep).1.is_some_and(|why| why.contains("values within values")));
    }
}
