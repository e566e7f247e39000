//! One visit to a camera, from connecting to the first failure: it logs in where the camera asks for it, and asks for
//! still after still over the same connection where the camera keeps it. A source makes one and drops it with its
//! error. There is never more than one request on its way.

use std::time::Duration;

use brickwork_mjpeg::{Afterwards, CameraUrl, Login, StreamError};
use brickwork_sdk::Clock;

use crate::connection::{Connection, ConnectionError, Damaged, Newest};

/// A visit.
pub struct Visit<'a> {
    url: &'a CameraUrl,
    afterwards: Afterwards,
    clock: Clock,
    limit: Duration,
    login: Login,
    connection: Option<Connection>,
}

impl<'a> Visit<'a> {
    /// A visit that has not begun; `limit` is for each connection.
    pub fn new(url: &'a CameraUrl, afterwards: Afterwards, login: Login, clock: Clock, limit: Duration) -> Self {
        Self { url, afterwards, clock, limit, login, connection: None }
    }

    /// Asks the camera for its pictures, or for the next still when the last answer is over.
    pub async fn ask(&mut self) -> Result<(), ConnectionError> {
        let old = self.connection.take();
        let request = self.request()?;
        if let Some(mut old) = old.filter(|old| self.afterwards == Afterwards::KeepOpen && old.is_reusable())
            && old.ask_again(&request, self.clock, self.limit).await.is_ok()
        {
            self.connection = Some(old);
            return Ok(());
        }
        self.connect(&request).await
    }

    /// Waits until there is a picture and gives the newest. `None`: the answer was one still, which has been given
    /// before.
    pub async fn newest(&mut self) -> Result<Option<Newest>, ConnectionError> {
        loop {
            let Some(connection) = &mut self.connection else { return Err(ConnectionError::Ended) };
            match connection.newest().await {
                Ok(Some(newest)) => {
                    self.login.accepted();
                    return Ok(Some(newest));
                }
                Err(ConnectionError::Stream(StreamError::Unauthorized { challenge })) => {
                    self.login.challenged(&challenge.unwrap_or_default())?;
                }
                Err(_) if connection.is_forgotten() => {}
                other => return other,
            }
            self.connection = None;
            let request = self.request()?;
            self.connect(&request).await?;
        }
    }

    /// The damaged pictures of the last answer.
    pub fn damaged(&self) -> Damaged {
        self.connection.as_ref().map(Connection::damaged).unwrap_or_default()
    }

    fn request(&mut self) -> Result<Vec<u8>, ConnectionError> {
        let authorization = self.login.authorization(self.url.path())?;
        Ok(self.url.request(authorization.as_deref(), self.afterwards)?)
    }

    async fn connect(&mut self, request: &[u8]) -> Result<(), ConnectionError> {
        self.connection = Some(Connection::open(self.url, request, self.clock, self.limit).await?);
        Ok(())
    }
}
