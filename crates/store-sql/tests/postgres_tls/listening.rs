//! Hears everything that is logged in this process.

use std::{
    io::{self, Write},
    sync::Mutex,
};
use tracing::Level;

static HEARD: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Listener;

impl Write for Listener {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        HEARD.lock().unwrap().write(text)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

pub(crate) fn start() {
    tracing_subscriber::fmt().with_max_level(Level::TRACE).with_writer(|| Listener).init();
}

pub(crate) fn heard() -> String {
    String::from_utf8(HEARD.lock().unwrap().clone()).unwrap()
}
