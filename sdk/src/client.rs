//! stub
/// A channel of a bound object.
pub struct Channel<T> { object: String, name: String, unit: String, marker: std::marker::PhantomData<T> }
impl<T> Channel<T> {
    /// Stub constructor.
    pub fn named(object: &str, name: &str, unit: &str) -> Self { Self { object: object.into(), name: name.into(), unit: unit.into(), marker: std::marker::PhantomData } }
    /// The object.
    pub fn object(&self) -> &str { &self.object }
    /// The channel.
    pub fn name(&self) -> &str { &self.name }
    /// The unit.
    pub fn unit(&self) -> &str { &self.unit }
}
