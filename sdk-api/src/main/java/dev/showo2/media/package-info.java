/**
 * Images between files and models: reading, resampling as Pillow does it, cropping and
 * letterboxing, 8-bit pixels, and PNG files that carry the settings they were made with (SPEC 9).
 * Plain Java; no native code and no desktop.
 */
package dev.showo2.media;
