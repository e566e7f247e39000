//! Writes what a person wants to keep or send: reports, pictures and support archives. Each on a thread of its own, which tells
//! the window where it lies; the window never waits.

use std::path::PathBuf;
use std::sync::Arc;

use brickwork_link::{private_folder, state_folder, write_private};
use brickwork_sdk::Frame;
use brickwork_sdk::view::Node;
use brickwork_support::{Request, file_name};
use iced::Size;
use iced::window::Screenshot;

use crate::draw::still;
use crate::inbox::{Happened, Inbox};
use crate::pictures;

/// Writes a report into the state folder.
pub fn report(inbox: &Arc<Inbox>, name: &'static str, beamline: &str, text: String) {
    let file = format!("{}.txt", file_name(name, beamline, brickwork_engine::Clock::wall_secs()));
    spawn(inbox, move || write("reports", &file, text.as_bytes()));
}

/// A picture as a brick shows it.
pub struct Seen {
    /// The node, with its overlays.
    pub node: Node,
    /// The newest frame.
    pub frame: Frame,
    /// When the engine had it.
    pub engine_ns: u64,
    /// What is said over it, where it is old.
    pub plate: Vec<String>,
}

/// Writes a picture of a brick, at the size of its source, into the state folder.
pub fn picture(inbox: &Arc<Inbox>, name: &str, beamline: &str, seen: Seen) {
    let stem = file_name(&plain(name), beamline, brickwork_engine::Clock::wall_secs());
    spawn(inbox, move || {
        let whole = pictures::whole(&seen.frame, seen.engine_ns).ok_or("the picture is damaged")?;
        let (size, rgba) = still(&seen.node, whole, seen.plate).ok_or("the picture cannot be drawn")?;
        let png = encode(size, &rgba).map_err(|error| format!("the picture: {error}"))?;
        write("pictures", &format!("{stem}.png"), &png)
    });
}

/// What of a name can stand in the name of a file.
fn plain(name: &str) -> String {
    name.chars().map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_') { c } else { '-' }).take(40).collect()
}

/// Writes a file that was not there before.
fn write(folder: &str, file: &str, bytes: &[u8]) -> Result<PathBuf, String> {
    let folder = state_folder().join(folder);
    private_folder(&folder).map_err(|error| error.to_string())?;
    let (stem, ending) = file.rsplit_once('.').unwrap_or((file, ""));
    let names = std::iter::once(file.to_owned()).chain((2..).map(|number| format!("{stem}-{number}.{ending}")));
    let path = names.map(|name| folder.join(name)).find(|path| !path.exists()).ok_or("no name is free")?;
    write_private(&path, bytes).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    Ok(path)
}

/// Writes a support archive with pictures of the windows.
pub fn archive(inbox: &Arc<Inbox>, mut request: Request, pictures: Vec<Screenshot>) {
    spawn(inbox, move || {
        if let Some(window) = &mut request.window {
            for picture in &pictures {
                window.pictures.push(
                    encode(picture.size, &picture.rgba).map_err(|error| format!("a picture of the window: {error}"))?,
                );
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

fn encode(size: Size<u32>, rgba: &[u8]) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, size.width, size.height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.write_header()?.write_image_data(rgba)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_of_a_window_is_a_png_of_its_pixels() {
        let bytes = encode(Size::new(2, 3), &[7; 2 * 3 * 4]).expect("two times three pixels are a picture");
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().expect("it is a PNG");
        let mut pixels = vec![0; reader.output_buffer_size().expect("it is small")];
        reader.next_frame(&mut pixels).expect("it is whole");
        assert_eq!((pixels, reader.info().width), (vec![7; 24], 2));
    }
}
