/**
 * A JPEG decoder that gives the pixels of libjpeg-turbo with its usual settings, on every Java
 * runtime. Of the decoders in Java runtimes some interpolate chroma otherwise, some do not, all
 * apply or refuse color profiles, and none says that a file ends too early.
 */
package dev.showo2.media.jpeg.internal;
