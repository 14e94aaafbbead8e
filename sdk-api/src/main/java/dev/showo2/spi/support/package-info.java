/**
 * Engine-neutral parts of a backend: lifetime, tensors, KV caches, video streams, argument checks,
 * options, failures and clean-up, and bases of decorators that forward to another backend. A vendor
 * extends the classes of this package and adds the calls of the engine; nothing in the SDK requires
 * their use.
 */
package dev.showo2.spi.support;
