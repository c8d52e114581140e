//! A slow line: forwards TCP connections with a limited rate, so that a download takes time to be seen.

use std::time::Duration;

use anyhow::Result;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

const CHUNK: usize = 16 * 1024;

/// The near end of the line; ends when dropped.
pub struct Throttle {
    task: JoinHandle<()>,
    pub port: u16,
}

impl Throttle {
    /// Forwards to a port on loopback; each connection brings at most so much a second.
    pub async fn start(to: u16, bytes_per_second: usize) -> Result<Throttle> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let pause = Duration::from_secs_f64(CHUNK as f64 / bytes_per_second as f64);
        let task = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                // A connection that breaks is the client's to notice.
                tokio::spawn(async move { forward(near, to, pause).await.ok() });
            }
        });
        Ok(Throttle { task, port })
    }
}

impl Drop for Throttle {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn forward(near: TcpStream, to: u16, pause: Duration) -> std::io::Result<()> {
    let far = TcpStream::connect(("127.0.0.1", to)).await?;
    let (mut near_in, mut near_out) = near.into_split();
    let (mut far_in, mut far_out) = far.into_split();
    let up = tokio::spawn(async move { tokio::io::copy(&mut near_in, &mut far_out).await });
    let mut buffer = vec![0; CHUNK];
    loop {
        let n = far_in.read(&mut buffer).await?;
        if n == 0 {
            break;
        }
        near_out.write_all(&buffer[..n]).await?;
        if n > CHUNK / 4 {
            tokio::time::sleep(pause).await;
        }
    }
    up.abort();
    Ok(())
}
