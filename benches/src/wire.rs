//! A small HTTP client: the load must cost less than what it loads.

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// One connection, which stays open.
pub(crate) struct Wire {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// An answer; its body lies in the connection's buffer until the next request.
pub(crate) struct Answer<'a> {
    pub(crate) status: u16,
    pub(crate) body: &'a [u8],
}

impl Answer<'_> {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(self.body).unwrap_or(Value::Null)
    }
}

impl Wire {
    /// Connects to `base`, such as `http://127.0.0.1:8080`.
    pub(crate) async fn open(base: &str) -> Self {
        let stream = TcpStream::connect(base.trim_start_matches("http://")).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, buffer: Vec::with_capacity(16 << 10) }
    }

    /// Sends what [`request`] has made and reads the whole answer.
    pub(crate) async fn call(&mut self, request: &[u8]) -> Answer<'_> {
        self.stream.write_all(request).await.unwrap();
        self.buffer.clear();
        loop {
            assert_ne!(self.stream.read_buf(&mut self.buffer).await.unwrap(), 0, "the server has hung up");
            let Some(head) = self.buffer.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
            let text = std::str::from_utf8(&self.buffer[..head]).unwrap();
            let length = text.lines().find_map(|line| line.strip_prefix("content-length: "));
            let end = head + 4 + length.map_or(0, |length| length.parse().unwrap());
            let status = text[9..12].parse().unwrap();
            while self.buffer.len() < end {
                assert_ne!(self.stream.read_buf(&mut self.buffer).await.unwrap(), 0, "the server has hung up");
            }
            return Answer { status, body: &self.buffer[head + 4..end] };
        }
    }
}

/// A request's bytes.
pub(crate) fn request(method: &str, path: &str, token: Option<&str>, body: Option<&Value>) -> Vec<u8> {
    request_with("", method, path, token, body)
}

/// A request's bytes, with more header lines, each ending in CR LF.
pub(crate) fn request_with(more: &str, method: &str, path: &str, token: Option<&str>, body: Option<&Value>) -> Vec<u8> {
    let bearer = token.map(|token| format!("authorization: Bearer {token}\r\n")).unwrap_or_default();
    let body = body.map(Value::to_string).unwrap_or_default();
    let about = if body.is_empty() {
        String::new()
    } else {
        format!("content-type: application/json\r\ncontent-length: {}\r\n", body.len())
    };
    format!("{method} {path} HTTP/1.1\r\nhost: keystead\r\n{more}{bearer}{about}\r\n{body}").into_bytes()
}

/// A connection and what it asks again and again.
pub(crate) type Asking = (Wire, Vec<u8>);

/// Asks once and expects 200.
pub(crate) async fn ask((wire, request): &mut Asking) {
    let answer = wire.call(request).await;
    assert_eq!(answer.status, 200, "{}", answer.json());
}
