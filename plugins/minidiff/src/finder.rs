//! `minidiff.finder`: looks for a loop or crystal in the pictures of a camera.

use std::time::Duration;

use brickwork_finder::{Format, Options, Picture, find};
use brickwork_sdk::interfaces::camera::{self, Camera};
use brickwork_sdk::interfaces::{FoundSample, sample_finder};
use brickwork_sdk::{Call, Error, Frame, HardwareObject, ObjectContext, PixelFormat, Result, Role};
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

/// How long a camera may take to show the next picture.
const PICTURE_LIMIT: Duration = Duration::from_secs(5);

/// One finder.
pub struct Finder {
    camera: Camera,
}

impl HardwareObject for Finder {
    const KIND: &'static str = "minidiff.finder";
    const HELP: &'static str = "Looks for the loop or crystal in the pictures of a camera.";
    type Config = ();

    fn roles() -> Vec<Role> {
        vec![Role::one("camera", camera::NAME).help("The microscope.")]
    }

    fn new((): (), ctx: &ObjectContext) -> Result<Self> {
        Ok(Self { camera: Camera::bind(ctx, "camera")? })
    }
}

impl sample_finder::Serve for Finder {
    async fn find(&self, call: &Call) -> Result<Option<FoundSample>> {
        let clock = call.clock();
        let frame = tokio::select! {
            biased;
            () = call.aborted() => return Err(Error::aborted()),
            frame = clock.limit(PICTURE_LIMIT, self.next()) => frame,
        };
        let Ok(frame) = frame else {
            let text = format!("{} showed no new picture within {} s", self.camera.object(), PICTURE_LIMIT.as_secs());
            return Err(Error::failed(text).remedy("See in Connections whether the camera is there."));
        };
        let found = tokio::task::spawn_blocking(move || look(&frame)).await;
        found.map_err(|error| Error::failed(error.to_string()))?
    }
}

impl Finder {
    /// The first picture that was begun after now: the next may show what was before.
    async fn next(&self) -> Frame {
        let frame = self.camera.frame();
        // What is there already counts as heard.
        let mut heard = frame.latest().map(|reading| reading.sequence);
        let mut left = 2;
        loop {
            if let Some(reading) = frame.changed().await
                && heard != Some(reading.sequence)
            {
                heard = Some(reading.sequence);
                left -= 1;
                if left == 0 {
                    return reading.value;
                }
            }
        }
    }
}

/// Decodes a picture and looks for the sample in it.
pub fn look(frame: &Frame) -> Result<Option<FoundSample>> {
    let unusable = |why: String| Error::failed(format!("the picture cannot be looked at: {why}"));
    let (decoded, format, width, height);
    let data: &[u8] = match frame.format {
        PixelFormat::Jpeg => {
            let options = DecoderOptions::default().jpeg_set_out_colorspace(ColorSpace::Luma);
            let mut decoder = JpegDecoder::new_with_options(ZCursor::new(&frame.data[..]), options);
            decoded = decoder.decode().map_err(|error| unusable(format!("{error:?}")))?;
            let (w, h) = decoder.dimensions().ok_or_else(|| unusable("it has no size".into()))?;
            (width, height, format) = (w as u32, h as u32, Format::Gray8);
            &decoded
        }
        PixelFormat::Grey8 => {
            (width, height, format) = (frame.width, frame.height, Format::Gray8);
            &frame.data
        }
        PixelFormat::Rgb8 => {
            (width, height, format) = (frame.width, frame.height, Format::Rgb8);
            &frame.data
        }
        ref other => return Err(unusable(format!("its format {other:?} is not known"))),
    };
    let bytes = match format {
        Format::Gray8 => 1,
        Format::Rgb8 => 3,
        Format::Rgba8 => 4,
    };
    let picture = Picture::new(data, width, height, width as usize * bytes, format)
        .map_err(|error| unusable(error.to_string()))?;
    Ok(find(picture, &Options::default()).map(|found| FoundSample {
        picture: (f64::from(width), f64::from(height)),
        centre: found.centre,
        tip: found.tip,
        bounds: {
            let brickwork_finder::Area { left, top, right, bottom } = found.bounds;
            (left, top, right - left, bottom - top)
        },
        confidence: found.confidence,
    }))
}
