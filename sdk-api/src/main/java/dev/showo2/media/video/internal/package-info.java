/** Machinery behind {@link dev.showo2.media.video}; it may change or go at any time. */
package dev.showo2.media.video.internal;
