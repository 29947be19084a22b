use std::fmt;
use std::str::FromStr;

/// Reads a function's variables and collects everything that is wrong with them, so that one failed start names it all.
pub struct Environment<'a> {
    lookup: Lookup<'a>,
    faults: Vec<Fault>,
}

type Lookup<'a> = Box<dyn Fn(&str) -> Option<String> + 'a>;

/// Variables are missing or unreadable. Names them, not their values.
#[derive(thiserror::Error)]
#[error("{}", list(.0))]
pub struct InvalidEnvironment(Vec<Fault>);

/// As it is displayed: a `main` that fails shows its error this way.
impl fmt::Debug for InvalidEnvironment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[derive(Debug)]
struct Fault {
    variable: &'static str,
    problem: String,
}

fn list(faults: &[Fault]) -> String {
    let lines: Vec<String> = faults
        .iter()
        .map(|fault| format!("{}: {}", fault.variable, fault.problem))
        .collect();
    lines.join("; ")
}

impl Environment<'static> {
    /// The variables of this process.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the process's environment"
    )]
    pub fn of_process() -> Self {
        Self::new(|name| std::env::var(name).ok())
    }
}

impl<'a> Environment<'a> {
    /// Variables from any source.
    pub fn new(lookup: impl Fn(&str) -> Option<String> + 'a) -> Self {
        Self {
            lookup: Box::new(lookup),
            faults: Vec::new(),
        }
    }

    /// A variable that must be there. The result is only of use when [`Environment::finish`] finds no fault.
    pub fn required<T>(&mut self, variable: &'static str) -> Option<T>
    where
        T: FromStr<Err: fmt::Display>,
    {
        let value = self.optional(variable);
        if value.is_none() && !self.faults.iter().any(|fault| fault.variable == variable) {
            self.faults.push(Fault {
                variable,
                problem: "not set".to_owned(),
            });
        }
        value
    }

    /// A variable that may be missing or empty.
    pub fn optional<T>(&mut self, variable: &'static str) -> Option<T>
    where
        T: FromStr<Err: fmt::Display>,
    {
        let text = (self.lookup)(variable).filter(|text| !text.is_empty())?;
        match text.parse() {
            Ok(value) => Some(value),
            Err(problem) => {
                self.faults.push(Fault {
                    variable,
                    problem: problem.to_string(),
                });
                None
            }
        }
    }

    /// The configuration, made from what was read, or everything that was wrong.
    ///
    /// # Errors
    /// A required variable is missing, or one could not be read.
    pub fn finish<T>(self, config: Option<T>) -> Result<T, InvalidEnvironment> {
        match config {
            Some(config) if self.faults.is_empty() => Ok(config),
            _ => Err(InvalidEnvironment(self.faults)),
        }
    }
}

impl fmt::Debug for Environment<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Environment")
            .field("faults", &self.faults)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_named_at_once() {
        let mut environment = Environment::new(|name| (name == "LIMIT").then(|| "many".to_owned()));
        let table = environment.required::<String>("TABLE");
        let limit = environment.required::<u32>("LIMIT");
        let error = environment.finish(table.zip(limit)).unwrap_err().to_string();
        assert_eq!(error, "TABLE: not set; LIMIT: invalid digit found in string");
    }

    #[test]
    fn an_empty_optional_variable_is_not_set() {
        let mut environment = Environment::new(|_| Some(String::new()));
        assert_eq!(environment.optional::<u32>("LIMIT"), None);
        assert!(environment.finish(Some(())).is_ok());
    }
}
