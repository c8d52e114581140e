//! What page and worker say to each other: a word, a line's end, and what belongs to it as JSON or text.

use steppe_planner::record::{self, Record};

use crate::inputs::Inputs;
use crate::live::http::decode;
use crate::preview::Preview;

/// From the page.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// A snapshot, whole or a change to the loaded one, as the agent wrote it.
    Load { text: String },
    /// Plan this text; the answer carries the same number.
    Plan(Question),
    /// Something else about a text, in words that only the later part of the program knows.
    Further(Question, String),
}

/// A text to plan, and how much of the answer is on the screen.
#[derive(Debug, Default, Eq, Record)]
pub struct Question {
    pub number: u64,
    pub source: String,
    pub rows: Rows,
    /// The cluster as it is, if empty; else what is made of it, in words of the later part.
    pub scene: String,
    pub inputs: Inputs,
}

/// How many rows the page shows. The plan stays in the worker; only these travel.
#[derive(Copy, Debug, Eq, Record)]
pub struct Rows {
    pub placements: usize,
    pub verdicts: usize,
    pub nodes: usize,
}

impl Default for Rows {
    fn default() -> Rows {
        Rows { placements: 24, verdicts: 40, nodes: 24 }
    }
}

/// From the worker.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// The worker listens.
    Ready,
    /// The snapshot is in place, or why it is not.
    Loaded(Result<u64, String>),
    Preview(Box<Preview>),
    /// To the further question of that number; empty if there is nothing to say.
    Further(u64, String),
}

impl Request {
    /// As it is posted.
    pub fn to_message(&self) -> String {
        match self {
            Request::Load { text } => message("load", text),
            Request::Plan(question) => message("plan", &record::to_json(question)),
            Request::Further(question, ask) => {
                message("further", &message(&record::to_json(question), ask))
            }
        }
    }

    /// As it was posted.
    pub fn from_message(message: &str) -> Option<Request> {
        let (word, rest) = message.split_once('\n')?;
        match word {
            "load" => Some(Request::Load { text: rest.to_owned() }),
            "plan" => decode(rest).ok().map(Request::Plan),
            "further" => {
                let (question, ask) = rest.split_once('\n')?;
                Some(Request::Further(decode(question).ok()?, ask.to_owned()))
            }
            _ => None,
        }
    }
}

impl Answer {
    /// As it is posted.
    pub fn to_message(&self) -> String {
        match self {
            Answer::Ready => message("ready", ""),
            Answer::Loaded(Ok(index)) => message("loaded", &index.to_string()),
            Answer::Loaded(Err(why)) => message("refused", why),
            Answer::Preview(preview) => message("preview", &record::to_json(&**preview)),
            Answer::Further(number, text) => {
                message("further", &message(&number.to_string(), text))
            }
        }
    }

    /// As it was posted.
    pub fn from_message(message: &str) -> Option<Answer> {
        let (word, rest) = message.split_once('\n')?;
        match word {
            "ready" => Some(Answer::Ready),
            "loaded" => rest.parse().ok().map(|index| Answer::Loaded(Ok(index))),
            "refused" => Some(Answer::Loaded(Err(rest.to_owned()))),
            "preview" => decode(rest).ok().map(Box::new).map(Answer::Preview),
            "further" => {
                let (number, text) = rest.split_once('\n')?;
                Some(Answer::Further(number.parse().ok()?, text.to_owned()))
            }
            _ => None,
        }
    }
}

fn message(word: &str, rest: &str) -> String {
    format!("{word}\n{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_arrive_as_they_were_sent() {
        let question = Question { number: 3, source: "a\nb".to_owned(), ..Question::default() };
        let load = Request::Load { text: "{}\n".to_owned() };
        let further = Request::Further(question.clone(), "{\n}".to_owned());
        for request in [load, further, Request::Plan(question)] {
            assert_eq!(Request::from_message(&request.to_message()), Some(request));
        }
        let preview = Answer::Preview(Box::new(Preview { number: 7, ..Preview::default() }));
        let further = Answer::Further(3, "{\n}".to_owned());
        let (loaded, refused) = (Answer::Loaded(Ok(4)), Answer::Loaded(Err("no\nno".to_owned())));
        for answer in [Answer::Ready, loaded, refused, further, preview] {
            assert_eq!(Answer::from_message(&answer.to_message()), Some(answer));
        }
    }
}
