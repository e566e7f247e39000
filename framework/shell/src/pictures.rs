//! Decodes and scales the pictures that are shown, on a thread of its own: the newest wins.
//!
//! Each picture is scaled to the room that shows it before the window gets it, so that the window
//! draws it pixel for pixel. A damaged one is counted, never shown, never handed to iced.

use std::collections::HashMap;
use std::sync::Arc;

use brickwork_sdk::{Frame, PixelFormat};
use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use iced::advanced::image::Handle;
use parking_lot::{Condvar, Mutex};
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

use crate::event::Place;
use crate::inbox::Inbox;
use crate::readings::Picture;

/// The largest side of a picture that is decoded.
const MAX_SIDE: usize = 16_384;
/// The most pixels of a picture that is decoded: these take 200 MB.
const MAX_PIXELS: usize = 50_000_000;

type Key = (String, String);

/// The room that a place has for pictures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Room {
    /// Width and height, in pixels of the screen.
    pub size: (u32, u32),
    /// Whether it also needs all pixels of the source, for a lens.
    pub whole: bool,
}

/// The pictures' thread, seen from the others.
#[derive(Default)]
pub struct Pictures {
    state: Mutex<State>,
    ready: Condvar,
}

#[derive(Default)]
struct State {
    /// The newest frame of each channel that nobody has decoded yet.
    fresh: HashMap<Key, (Frame, u64)>,
    /// The last frame of each channel, for a place that changes its size.
    last: HashMap<Key, (Frame, u64)>,
    /// Who shows which channel, and how large.
    places: HashMap<Place, (Key, Room)>,
}

impl Pictures {
    /// Starts the thread.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(self: &Arc<Self>, inbox: Arc<Inbox>) -> std::io::Result<()> {
        let pictures = self.clone();
        std::thread::Builder::new().name("pictures".into()).spawn(move || {
            let mut scaler = Resizer::new();
            loop {
                let (key, frame, engine_ns, places) = pictures.next();
                let Some(pixels) = decode(&frame) else {
                    tracing::debug!(object = key.0, "a damaged picture was left out");
                    continue;
                };
                for (place, room) in places {
                    if let Some(picture) = fit(&mut scaler, &pixels, room, engine_ns) {
                        inbox.put(|news| {
                            news.pictures.insert(place, picture);
                        });
                    }
                }
            }
        })?;
        Ok(())
    }

    /// A new frame of a channel; an older one that was not decoded yet is dropped.
    pub fn offer(&self, object: &str, channel: &str, frame: &Frame, engine_ns: u64) {
        let key = (object.to_owned(), channel.to_owned());
        let mut state = self.state.lock();
        state.fresh.insert(key.clone(), (frame.clone(), engine_ns));
        state.last.insert(key, (frame.clone(), engine_ns));
        drop(state);
        self.ready.notify_one();
    }

    /// A place shows a channel in this room.
    pub fn show(&self, place: Place, object: &str, channel: &str, room: Room) {
        let key = (object.to_owned(), channel.to_owned());
        let mut state = self.state.lock();
        state.places.insert(place, (key.clone(), room));
        if let Some(last) = state.last.get(&key).cloned() {
            state.fresh.entry(key).or_insert(last);
        }
        drop(state);
        self.ready.notify_one();
    }

    /// A brick is gone.
    pub fn forget(&self, brick: &str) {
        let mut state = self.state.lock();
        state.places.retain(|place, _| place.brick != brick);
        let State { last, places, .. } = &mut *state;
        last.retain(|key, _| places.values().any(|(shown, _)| shown == key));
    }

    /// The newest frame of a channel that is shown somewhere, and when the engine had it.
    pub fn newest(&self, object: &str, channel: &str) -> Option<(Frame, u64)> {
        self.state.lock().last.get(&(object.to_owned(), channel.to_owned())).cloned()
    }

    fn next(&self) -> (Key, Frame, u64, Vec<(Place, Room)>) {
        let mut state = self.state.lock();
        loop {
            let shown: Option<Key> = {
                let State { fresh, places, .. } = &*state;
                fresh.keys().find(|key| places.values().any(|(shown, _)| shown == *key)).cloned()
            };
            if let Some(key) = shown
                && let Some((frame, engine_ns)) = state.fresh.remove(&key)
            {
                let places = state.places.iter().filter(|(_, (shown, _))| *shown == key);
                let places = places.map(|(place, (_, room))| (place.clone(), *room)).collect();
                return (key, frame, engine_ns, places);
            }
            self.ready.wait(&mut state);
        }
    }
}

/// A frame with every pixel of it; none when it is damaged.
pub fn whole(frame: &Frame, engine_ns: u64) -> Option<Picture> {
    let Pixels { width, height, rgba } = decode(frame)?;
    let handle = Handle::from_rgba(width, height, rgba);
    Some(Picture { whole: Some(handle.clone()), handle, source: (width, height), engine_ns })
}

/// RGBA pixels of a whole picture.
struct Pixels {
    width: u32,
    height: u32,
    rgba: Vec<u8>,
}

fn decode(frame: &Frame) -> Option<Pixels> {
    if !frame.is_consistent() {
        return None;
    }
    let (width, height) = (frame.width, frame.height);
    let rgba = match frame.format {
        PixelFormat::Jpeg => return decode_jpeg(&frame.data),
        PixelFormat::Grey8 => frame.data.iter().flat_map(|grey| [*grey, *grey, *grey, 255]).collect(),
        PixelFormat::Rgb8 => frame.data.chunks_exact(3).flat_map(|p| [p[0], p[1], p[2], 255]).collect(),
        PixelFormat::Rgba8 => frame.data.to_vec(),
    };
    Some(Pixels { width, height, rgba })
}

fn decode_jpeg(bytes: &[u8]) -> Option<Pixels> {
    let options = DecoderOptions::default()
        .jpeg_set_out_colorspace(ColorSpace::RGBA)
        .set_max_width(MAX_SIDE)
        .set_max_height(MAX_SIDE);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().ok()?;
    let (width, height) = decoder.dimensions()?;
    if width * height > MAX_PIXELS {
        return None;
    }
    let rgba = decoder.decode().ok()?;
    let (width, height) = (u32::try_from(width).ok()?, u32::try_from(height).ok()?);
    (rgba.len() as u64 == u64::from(width) * u64::from(height) * 4).then_some(Pixels { width, height, rgba })
}

/// The size of a picture in a room: as large as that allows, its proportions kept.
pub fn fitted(source: (u32, u32), room: (u32, u32)) -> (u32, u32) {
    let scale = (f64::from(room.0) / f64::from(source.0)).min(f64::from(room.1) / f64::from(source.1));
    let side = |length: u32| ((f64::from(length) * scale).round() as u32).max(1);
    (side(source.0), side(source.1))
}

/// The picture as large as the room allows.
fn fit(scaler: &mut Resizer, pixels: &Pixels, Room { size: room, whole }: Room, engine_ns: u64) -> Option<Picture> {
    let source = (pixels.width, pixels.height);
    let (width, height) = fitted(source, room);
    if room.0 == 0 || room.1 == 0 {
        return None;
    }
    let all = || Handle::from_rgba(source.0, source.1, pixels.rgba.clone());
    let handle = if (width, height) == source {
        all()
    } else {
        let from = ImageRef::new(source.0, source.1, &pixels.rgba, PixelType::U8x4).ok()?;
        let mut to = Image::new(width, height, PixelType::U8x4);
        let filter = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Bilinear)).use_alpha(false);
        scaler.resize(&from, &mut to, &filter).ok()?;
        Handle::from_rgba(width, height, to.into_vec())
    };
    let whole = whole.then(|| if (width, height) == source { handle.clone() } else { all() });
    Some(Picture { handle, whole, source, engine_ns })
}
