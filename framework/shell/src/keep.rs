//! Writes what a person wants to keep or send: reports and support archives. Each on a thread of its own, which tells
//! the window where it lies; the window never waits.

use std::path::PathBuf;
use std::sync::Arc;

use brickwork_link::{private_folder, state_folder, write_private};
use brickwork_support::{Request, file_name};
use iced::window::Screenshot;

use crate::inbox::{Happened, Inbox};

/// Writes a report into the state folder.
pub fn report(inbox: &Arc<Inbox>, name: &'static str, beamline: &str, text: String) {
    let file = format!("{}.txt", file_name(name, beamline, brickwork_engine::Clock::wall_secs()));
    spawn(inbox, move || {
        let folder = state_folder().join("reports");
        private_folder(&folder).map_err(|error| error.to_string())?;
        let path = folder.join(file);
        write_private(&path, text.as_bytes()).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
        Ok(path)
    });
}

/// Writes a support archive with pictures of the windows.
pub fn archive(inbox: &Arc<Inbox>, mut request: Request, pictures: Vec<Screenshot>) {
    spawn(inbox, move || {
        if let Some(window) = &mut request.window {
            for picture in &pictures {
                window.pictures.push(encode(picture).map_err(|error| format!("a picture of the window: {error}"))?);
            }
        }
        brickwork_support::write(request).map_err(|error| error.to_string())
    });
}

fn spawn(inbox: &Arc<Inbox>, work: impl FnOnce() -> Result<PathBuf, String> + Send + 'static) {
    let thread_inbox = inbox.clone();
    let thread = std::thread::Builder::new().name("keep".into()).spawn(move || {
        let words = match work() {
            Ok(path) => format!("written: {}", path.display()),
            Err(error) => {
                tracing::error!("{error}");
                error
            }
        };
        thread_inbox.happened(Happened::Kept(words));
    });
    if let Err(error) = thread {
        inbox.happened(Happened::Kept(format!("nothing was written: {error}")));
    }
}

fn encode(picture: &Screenshot) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, picture.size.width, picture.size.height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.write_header()?.write_image_data(&picture.rgba)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_of_a_window_is_a_png_of_its_pixels() {
        let picture = Screenshot::new(vec![7_u8; 2 * 3 * 4], iced::Size::new(2, 3), 1.0);
        let bytes = encode(&picture).expect("two times three pixels are a picture");
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().expect("it is a PNG");
        let mut pixels = vec![0; reader.output_buffer_size().expect("it is small")];
        reader.next_frame(&mut pixels).expect("it is whole");
        assert_eq!((pixels, reader.info().width), (vec![7; 24], 2));
    }
}
