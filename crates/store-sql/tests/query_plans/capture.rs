//! Listens to what the drivers and the store report.

use std::{
    fmt,
    sync::{Mutex, Once},
};
use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{Layer, filter::Targets, layer::Context, layer::SubscriberExt, util::SubscriberInitExt};

const NOTICES: &str = "sqlx::postgres::notice";
const STATEMENTS: &str = "keystead::store";

static PLANS: Mutex<Vec<String>> = Mutex::new(Vec::new());
static SQL: Mutex<Vec<String>> = Mutex::new(Vec::new());

struct Listener;

#[derive(Default)]
struct Fields {
    message: String,
    sql: String,
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "message" => value.clone_into(&mut self.message),
            "sql" => value.clone_into(&mut self.sql),
            _ => {}
        }
    }
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            self.message = format!("{value:?}");
        }
    }
}

impl<S: Subscriber> Layer<S> for Listener {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        match event.metadata().target() {
            NOTICES if fields.message.contains("Query Text:") => PLANS.lock().unwrap().push(fields.message),
            STATEMENTS if fields.message.contains("statement") => SQL.lock().unwrap().push(fields.sql),
            _ => {}
        }
    }
}

/// Forgets what was heard so far.
pub(crate) fn start() {
    static LISTEN: Once = Once::new();
    LISTEN.call_once(|| {
        let targets =
            Targets::new().with_target(NOTICES, tracing::Level::TRACE).with_target(STATEMENTS, tracing::Level::TRACE);
        tracing_subscriber::registry().with(Listener.with_filter(targets)).init();
    });
    PLANS.lock().unwrap().clear();
    SQL.lock().unwrap().clear();
}

/// The plans that PostgreSQL has reported.
pub(crate) fn plans() -> Vec<String> {
    std::mem::take(&mut PLANS.lock().unwrap())
}

/// The statements that the store has run.
pub(crate) fn statements() -> Vec<String> {
    std::mem::take(&mut SQL.lock().unwrap())
}
