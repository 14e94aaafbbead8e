/**
 * Image files: reading, the canvas of outpainting, and PNG files that carry the settings that
 * reproduce them (SPEC 9). Plain Java, without native code and without a display.
 */
package dev.showo2.media;
