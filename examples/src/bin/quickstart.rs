//! A small agent: it reads notes while it searches, asks a model that is down, asks another, uses two tools at once.
//!
//! `cargo run -p wirespan-examples --bin quickstart` prints its trace as a tree; nothing else in here prints. With
//! `OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318` set, the same program sends the trace there instead.

use std::time::Duration;
use std::{error::Error, fmt, io};

use tokio::time::sleep;
use wirespan::{Capture, Secret, cancel, traced};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let _telemetry = wirespan::init()?;
    let agent = Agent { key: Secret::new("sk-live-1234".to_owned()) };
    let history = vec!["Hello!".to_owned(), "Hello, how can I help?".to_owned()];
    agent.answer(&Question { id: 7, text: "Do I need an umbrella?".to_owned(), history }).await?;
    Ok(())
}

/// Says how it shows in telemetry: `question.id`, `question.text`, and of the history only the length.
#[derive(Capture)]
struct Question {
    #[capture(id)]
    id: u64,
    text: String,
    #[capture(len)]
    history: Vec<String>,
}

#[derive(Clone, Capture)]
struct Message {
    #[capture(id)]
    id: usize,
    text: String,
}

struct Agent {
    key: Secret<String>,
}

impl Agent {
    #[traced(kind = "server", fields(agent.version = "2.1"))]
    async fn answer(&self, question: &Question) -> Result<String, AgentError> {
        let search = cancel::timeout(Duration::from_millis(40), search_web(&question.text));
        let (notes, found) = tokio::join!(read_notes(question.id), search);
        let texts = [question.text.clone(), notes, found.unwrap_or_default()];
        let messages: Vec<Message> =
            texts.into_iter().enumerate().map(|(id, text)| Message { id, text }).collect();

        let plan = match self.plan("large", messages.clone()).await {
            Ok(plan) => plan,
            Err(_) => self.plan("small", messages).await?,
        };
        let (calendar, weather) = tokio::join!(run_tool("calendar", 12), run_tool("weather", 25));
        Ok(format!("{plan} {calendar} {weather}"))
    }

    /// Messages are large and private: the span says how many there are, and which.
    #[traced(skip = "messages")]
    async fn plan(&self, model: &str, messages: Vec<Message>) -> Result<String, AgentError> {
        let tokens = count_tokens(&messages);
        let reply = complete(model, tokens, &self.key).await.map_err(AgentError)?;
        Ok(reply.to_lowercase())
    }
}

#[traced]
async fn read_notes(user: u64) -> String {
    sleep(Duration::from_millis(8)).await;
    format!("User {user} walks to work.")
}

/// Takes too long: it ends as cancelled, and so does what it waits for.
#[traced]
async fn search_web(query: &str) -> String {
    fetch("https://search.example", query).await
}

#[traced(kind = "client")]
async fn fetch(url: &str, query: &str) -> String {
    sleep(Duration::from_secs(10)).await;
    format!("{url}: nothing about {query}")
}

#[traced]
fn count_tokens(messages: &[Message]) -> usize {
    messages.iter().map(|message| message.text.len() / 4 + 1).sum()
}

#[traced(kind = "client", fields(gen_ai.operation.name = "chat"))]
async fn complete(model: &str, tokens: usize, key: &Secret<String>) -> io::Result<String> {
    sleep(Duration::from_millis(15)).await;
    match model {
        "large" => Err(io::Error::new(io::ErrorKind::ConnectionReset, "connection reset by peer")),
        _ if key.expose().is_empty() => Err(io::ErrorKind::PermissionDenied.into()),
        _ => Ok(format!("{tokens} tokens later: look at the calendar and the weather.")),
    }
}

#[traced(name = "tool")]
async fn run_tool(name: &str, takes: u64) -> String {
    sleep(Duration::from_millis(takes)).await;
    format!("{name} says yes.")
}

#[derive(Debug)]
struct AgentError(io::Error);

impl fmt::Display for AgentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the model gave no answer")
    }
}

impl Error for AgentError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}
